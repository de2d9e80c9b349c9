import { ReturnTaskRequest, ReturnTaskResponse } from '@lienthong/contracts/casework';
import { key, requiredText, taskNumber } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const returnTask = transitionMethod({
  method: 'ReturnTask',
  kind: 'return',
  fields: { taskNumber, to: key, reason: requiredText() },
  requestCodec: ReturnTaskRequest,
  replyCodec: ReturnTaskResponse,
});
