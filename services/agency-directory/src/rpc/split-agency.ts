import { SplitAgencyRequest, SplitAgencyResponse } from '@lienthong/contracts/directory';
import type { CallInfo } from '@lienthong/kit';
import type { Directory } from './directory.ts';
import { singlePart, successionsOf } from './single-part.ts';

export const splitAgency = (directory: Directory) => (request: SplitAgencyRequest, info: CallInfo) =>
  singlePart(directory, info, {
    method: 'SplitAgency',
    kind: 'split',
    request,
    requestCodec: SplitAgencyRequest,
    replyCodec: SplitAgencyResponse,
    reply: successionsOf,
  });
