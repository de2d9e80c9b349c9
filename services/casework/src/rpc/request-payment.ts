import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { amountOrFee, dossierId, optionalText } from './fields.ts';

export const requestPayment = command(Casework.requestPayment, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, amountVnd: amountOrFee, content: optionalText() }),
  command: (request, context) => ({ kind: 'request-payment', ...request, ...callerAndTimeOf(context) }),
});
