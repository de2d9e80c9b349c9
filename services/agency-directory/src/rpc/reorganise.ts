import { ReorganiseRequest, ReorganiseResponse } from '@lienthong/contracts/directory';
import { type CallInfo, field, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import type { Enacted } from '../domain/decide.ts';
import type { Directory } from './directory.ts';
import { readParts } from './parts.ts';
import { Reader } from './reader.ts';
import { legalBasis } from './schemas.ts';

const MAX_PARTS = 5000;

const header = z.object({
  requestId: field.uuid,
  effectiveOn: field.date,
  legalBasis,
  parts: z
    .array(z.unknown())
    .min(1, 'must hold at least one part')
    .max(MAX_PARTS, `must be at most ${MAX_PARTS}`),
});

export const reorganise = (directory: Directory) => (request: ReorganiseRequest, info: CallInfo) => {
  const reader = new Reader();
  const head = reader.read(header, request);
  const parts = request.parts.length > MAX_PARTS ? [] : readParts(reader, request.parts, request.effectiveOn);
  if (!head || reader.failed) return reader.refuse();
  const reorganisationId = uuidv7();
  return directory.commands.execute({
    method: 'Reorganise',
    principal: info.principal,
    requestId: head.requestId,
    request,
    requestCodec: ReorganiseRequest,
    replyCodec: ReorganiseResponse,
    command: {
      kind: 'reorganise',
      parts,
      effectiveOn: head.effectiveOn,
      legalBasis: head.legalBasis,
      reorganisationId,
      reply: ({ changes, keys }: Enacted): ReorganiseResponse => {
        const ended = changes.filter(({ type }) => type === 'AgencyEnded');
        return {
          reorganisationId,
          established: Object.fromEntries(keys),
          successions: ended.flatMap(({ agency }) => agency.successors),
          ended: ended.length,
        };
      },
    },
  });
};
