import { HandOverTaskRequest, HandOverTaskResponse } from '@lienthong/contracts/casework';
import { field } from '@lienthong/kit';
import { optionalText, taskNumber } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const handOverTask = transitionMethod({
  method: 'HandOverTask',
  kind: 'hand-over',
  fields: { taskNumber, officerId: field.uuid, reason: optionalText() },
  requestCodec: HandOverTaskRequest,
  replyCodec: HandOverTaskResponse,
});
