import { RequestSupplementRequest, RequestSupplementResponse } from '@lienthong/contracts/casework';
import { requiredText } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const requestSupplement = transitionMethod({
  method: 'RequestSupplement',
  kind: 'request-supplement',
  fields: { content: requiredText(4000) },
  requestCodec: RequestSupplementRequest,
  replyCodec: RequestSupplementResponse,
});
