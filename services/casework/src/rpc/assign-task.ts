import { AssignTaskRequest, AssignTaskResponse } from '@lienthong/contracts/casework';
import { field } from '@lienthong/kit';
import { taskNumber } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const assignTask = transitionMethod({
  method: 'AssignTask',
  kind: 'assign',
  fields: { taskNumber, officerId: field.uuid },
  requestCodec: AssignTaskRequest,
  replyCodec: AssignTaskResponse,
});
