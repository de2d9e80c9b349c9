import { EndAgencyRequest, EndAgencyResponse } from '@lienthong/contracts/directory';
import type { CallInfo } from '@lienthong/kit';
import type { Directory } from './directory.ts';
import { agencyOf, singlePart } from './single-part.ts';

export const endAgency = (directory: Directory) => (request: EndAgencyRequest, info: CallInfo) =>
  singlePart(directory, info, {
    method: 'EndAgency',
    kind: 'end',
    request,
    requestCodec: EndAgencyRequest,
    replyCodec: EndAgencyResponse,
    reply: agencyOf,
  });
