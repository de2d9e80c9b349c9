import { RequestConsultationRequest, RequestConsultationResponse } from '@lienthong/contracts/casework';
import { agencyIds, futureInstant, requiredText, taskNumber } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const requestConsultation = transitionMethod({
  method: 'RequestConsultation',
  kind: 'consult',
  fields: { taskNumber, agencyIds, question: requiredText(), dueAt: futureInstant },
  requestCodec: RequestConsultationRequest,
  replyCodec: RequestConsultationResponse,
});
