import { contactField } from '@lienthong/kit';
import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId, optionalText, requiredText } from './fields.ts';

export const requestSupplement = command(Casework.requestSupplement, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({
    dossierId,
    content: requiredText(4000),
    reason: optionalText(),
    contactPhone: contactField.phone,
  }),
  command: (request, context) => ({ kind: 'request-supplement', ...request, ...callerAndTimeOf(context) }),
});
