import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId } from './fields.ts';

export const resumeDossier = command(Casework.resumeDossier, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId }),
  command: (request, context) => ({ kind: 'resume', ...request, ...callerAndTimeOf(context) }),
});
