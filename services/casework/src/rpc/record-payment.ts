import { RecordPaymentRequest, RecordPaymentResponse } from '@lienthong/contracts/casework';
import { amountVnd, requiredText } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const recordPayment = transitionMethod({
  method: 'RecordPayment',
  kind: 'record-payment',
  fields: { amountVnd, receipt: requiredText(100) },
  requestCodec: RecordPaymentRequest,
  replyCodec: RecordPaymentResponse,
});
