import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId, futureInstant, requiredText } from './fields.ts';

export const extendDeadline = command(Casework.extendDeadline, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, dueAt: futureInstant, reason: requiredText() }),
  command: (request, context) => ({ kind: 'extend', ...request, ...callerAndTimeOf(context) }),
});
