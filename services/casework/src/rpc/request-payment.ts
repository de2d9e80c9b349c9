import { RequestPaymentRequest, RequestPaymentResponse } from '@lienthong/contracts/casework';
import { amountVnd, optionalText } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const requestPayment = transitionMethod({
  method: 'RequestPayment',
  kind: 'request-payment',
  fields: { amountVnd, content: optionalText() },
  requestCodec: RequestPaymentRequest,
  replyCodec: RequestPaymentResponse,
});
