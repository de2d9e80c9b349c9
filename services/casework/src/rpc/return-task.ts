import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId, key, requiredText, taskNumber } from './fields.ts';

export const returnTask = command(Casework.returnTask, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, taskNumber, to: key, reason: requiredText() }),
  command: (request, context) => ({ kind: 'return', ...request, ...callerAndTimeOf(context) }),
});
