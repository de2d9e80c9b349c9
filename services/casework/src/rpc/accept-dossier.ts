import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId } from './fields.ts';

export const acceptDossier = command(Casework.acceptDossier, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId }),
  command: (request, context) => ({ kind: 'accept', ...request, ...callerAndTimeOf(context) }),
});
