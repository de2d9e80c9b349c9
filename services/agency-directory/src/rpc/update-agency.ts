import { UpdateAgencyRequest, UpdateAgencyResponse } from '@lienthong/contracts/directory';
import type { CallInfo } from '@lienthong/kit';
import type { Directory } from './directory.ts';
import { agencyOf, singlePart } from './single-part.ts';

export const updateAgency = (directory: Directory) => (request: UpdateAgencyRequest, info: CallInfo) =>
  singlePart(directory, info, {
    method: 'UpdateAgency',
    kind: 'update',
    request,
    requestCodec: UpdateAgencyRequest,
    replyCodec: UpdateAgencyResponse,
    reply: agencyOf,
  });
