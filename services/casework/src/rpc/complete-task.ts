import { CompleteTaskRequest, CompleteTaskResponse } from '@lienthong/contracts/casework';
import { data, key, optionalText, results, taskNumber } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const completeTask = transitionMethod({
  method: 'CompleteTask',
  kind: 'complete',
  fields: { taskNumber, outcome: key, note: optionalText(), results, data },
  requestCodec: CompleteTaskRequest,
  replyCodec: CompleteTaskResponse,
});
