import { ClaimTaskRequest, ClaimTaskResponse } from '@lienthong/contracts/casework';
import { taskNumber } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const claimTask = transitionMethod({
  method: 'ClaimTask',
  kind: 'claim',
  fields: { taskNumber },
  requestCodec: ClaimTaskRequest,
  replyCodec: ClaimTaskResponse,
});
