import { ReceiveSupplementRequest, ReceiveSupplementResponse } from '@lienthong/contracts/casework';
import { data, papers } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const receiveSupplement = transitionMethod({
  method: 'ReceiveSupplement',
  kind: 'receive-supplement',
  fields: { papers, data },
  requestCodec: ReceiveSupplementRequest,
  replyCodec: ReceiveSupplementResponse,
});
