import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { amountVnd, dossierId, requiredText } from './fields.ts';

export const recordPayment = command(Casework.recordPayment, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, amountVnd, receipt: requiredText(100) }),
  command: (request, context) => ({ kind: 'record-payment', ...request, ...callerAndTimeOf(context) }),
});
