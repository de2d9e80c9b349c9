import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { agencyIds, dossierId, futureInstant, requiredText, taskNumber } from './fields.ts';

export const requestConsultation = command(Casework.requestConsultation, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, taskNumber, agencyIds, question: requiredText(), dueAt: futureInstant }),
  command: (request, context) => ({ kind: 'consult', ...request, ...callerAndTimeOf(context) }),
});
