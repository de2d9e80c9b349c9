import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId, taskNumber } from './fields.ts';

export const claimTask = command(Casework.claimTask, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, taskNumber }),
  command: (request, context) => ({ kind: 'claim', ...request, ...callerAndTimeOf(context) }),
});
