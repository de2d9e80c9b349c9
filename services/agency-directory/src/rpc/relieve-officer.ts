import { RelieveOfficerRequest, RelieveOfficerResponse } from '@lienthong/contracts/directory';
import { type CallInfo, field, parse } from '@lienthong/kit';
import { z } from 'zod';
import { authorityOf } from './authority.ts';
import type { Directory } from './directory.ts';

const schema = z.object({ requestId: field.uuid, officerId: field.uuid, effectiveOn: field.date });

export const relieveOfficer = (directory: Directory) => (request: RelieveOfficerRequest, info: CallInfo) => {
  const { requestId, officerId, effectiveOn } = parse(schema, request);
  return directory.commands.execute({
    method: 'RelieveOfficer',
    principal: info.principal,
    requestId,
    request,
    requestCodec: RelieveOfficerRequest,
    replyCodec: RelieveOfficerResponse,
    command: {
      kind: 'relieve',
      officerId,
      effectiveOn,
      authority: authorityOf(info.principal),
      reply: (officer): RelieveOfficerResponse => ({ officer }),
    },
  });
};
