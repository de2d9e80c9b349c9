import { ExtendDeadlineRequest, ExtendDeadlineResponse } from '@lienthong/contracts/casework';
import { futureInstant, requiredText } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const extendDeadline = transitionMethod({
  method: 'ExtendDeadline',
  kind: 'extend',
  fields: { dueAt: futureInstant, reason: requiredText() },
  requestCodec: ExtendDeadlineRequest,
  replyCodec: ExtendDeadlineResponse,
});
