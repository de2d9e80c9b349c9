import { EstablishAgencyRequest, EstablishAgencyResponse } from '@lienthong/contracts/directory';
import type { CallInfo } from '@lienthong/kit';
import type { Directory } from './directory.ts';
import { agencyOf, singlePart } from './single-part.ts';

export const establishAgency = (directory: Directory) => (request: EstablishAgencyRequest, info: CallInfo) =>
  singlePart(directory, info, {
    method: 'EstablishAgency',
    kind: 'establish',
    request,
    requestCodec: EstablishAgencyRequest,
    replyCodec: EstablishAgencyResponse,
    reply: agencyOf,
  });
