import { z } from 'zod';
import { Casework, callOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId, requiredText } from './fields.ts';

export const requestSupplement = command(Casework.requestSupplement, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, content: requiredText(4000) }),
  command: (request, context) => ({ kind: 'request-supplement', ...request, ...callOf(context) }),
});
