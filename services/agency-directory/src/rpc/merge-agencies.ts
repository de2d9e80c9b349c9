import { MergeAgenciesRequest, MergeAgenciesResponse } from '@lienthong/contracts/directory';
import type { CallInfo } from '@lienthong/kit';
import type { Directory } from './directory.ts';
import { singlePart, successionsOf } from './single-part.ts';

export const mergeAgencies = (directory: Directory) => (request: MergeAgenciesRequest, info: CallInfo) =>
  singlePart(directory, info, {
    method: 'MergeAgencies',
    kind: 'merge',
    request,
    requestCodec: MergeAgenciesRequest,
    replyCodec: MergeAgenciesResponse,
    reply: successionsOf,
  });
