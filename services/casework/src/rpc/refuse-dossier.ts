import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId, requiredText } from './fields.ts';

export const refuseDossier = command(Casework.refuseDossier, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, reason: requiredText() }),
  command: (request, context) => ({ kind: 'refuse', ...request, ...callerAndTimeOf(context) }),
});
