import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId, optionalText } from './fields.ts';

export const withdrawDossier = command(Casework.withdrawDossier, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, reason: optionalText() }),
  command: (request, context) => ({ kind: 'withdraw', ...request, ...callerAndTimeOf(context) }),
});
