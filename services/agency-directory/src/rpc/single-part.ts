import type { Agency, Succession } from '@lienthong/contracts/directory';
import { type CallInfo, field } from '@lienthong/kit';
import { z } from 'zod';
import type { Enacted } from '../domain/decide.ts';
import type { Directory } from './directory.ts';
import { type PartKind, readPart } from './parts.ts';
import { Reader } from './reader.ts';
import { legalBasis } from './schemas.ts';

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

interface SinglePart<Q, P> {
  method: string;
  kind: PartKind;
  request: Q;
  requestCodec: Codec<Q>;
  replyCodec: Codec<P>;
  reply: (enacted: Enacted) => P;
}

const header = z.object({ requestId: field.uuid, effectiveOn: field.date, legalBasis });
const establishHeader = header.extend({ effectiveOn: field.optionalDate });

/** Carries out a reorganisation of one part. */
export function singlePart<Q extends { part: unknown }, P>(
  directory: Directory,
  info: CallInfo,
  { kind, request, reply, ...call }: SinglePart<Q, P>,
): Promise<P> {
  const reader = new Reader();
  const head = reader.read(kind === 'establish' ? establishHeader : header, request);
  const place = { index: 0, field: 'part' };
  const part = readPart(reader, kind, request.part, place, head?.effectiveOn ?? '');
  if (!head || !part) return reader.refuse();
  const { requestId, effectiveOn, legalBasis } = head;
  return directory.commands.execute<Q, P>({
    ...call,
    request,
    requestId,
    principal: info.principal,
    command: { kind: 'reorganise', parts: [part], effectiveOn, legalBasis, reply },
  });
}

/** The agency the part was about, as it stands now. */
export const agencyOf = ({ changes }: Enacted): { agency: Agency | undefined } => ({
  agency: changes.at(-1)?.agency,
});

export const successionsOf = ({ changes }: Enacted): { successions: Succession[] } => ({
  successions: changes.flatMap(({ agency }) => agency.successors),
});
