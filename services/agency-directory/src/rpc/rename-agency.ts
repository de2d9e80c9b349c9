import { RenameAgencyRequest, RenameAgencyResponse } from '@lienthong/contracts/directory';
import type { CallInfo } from '@lienthong/kit';
import type { Directory } from './directory.ts';
import { agencyOf, singlePart } from './single-part.ts';

export const renameAgency = (directory: Directory) => (request: RenameAgencyRequest, info: CallInfo) =>
  singlePart(directory, info, {
    method: 'RenameAgency',
    kind: 'rename',
    request,
    requestCodec: RenameAgencyRequest,
    replyCodec: RenameAgencyResponse,
    reply: agencyOf,
  });
