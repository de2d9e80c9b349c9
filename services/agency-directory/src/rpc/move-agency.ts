import { MoveAgencyRequest, MoveAgencyResponse } from '@lienthong/contracts/directory';
import type { CallInfo } from '@lienthong/kit';
import type { Directory } from './directory.ts';
import { agencyOf, singlePart } from './single-part.ts';

export const moveAgency = (directory: Directory) => (request: MoveAgencyRequest, info: CallInfo) =>
  singlePart(directory, info, {
    method: 'MoveAgency',
    kind: 'move',
    request,
    requestCodec: MoveAgencyRequest,
    replyCodec: MoveAgencyResponse,
    reply: agencyOf,
  });
