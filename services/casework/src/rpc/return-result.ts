import { ReturnResultRequest, ReturnResultResponse } from '@lienthong/contracts/casework';
import { transitionMethod } from './transition.ts';

export const returnResult = transitionMethod({
  method: 'ReturnResult',
  kind: 'return-result',
  fields: {},
  requestCodec: ReturnResultRequest,
  replyCodec: ReturnResultResponse,
});
