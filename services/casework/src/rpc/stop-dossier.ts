import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId, requiredText } from './fields.ts';

export const stopDossier = command(Casework.stopDossier, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, reason: requiredText() }),
  command: (request, context) => ({ kind: 'stop', ...request, ...callerAndTimeOf(context) }),
});
