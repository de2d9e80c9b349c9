import { field } from '@lienthong/kit';
import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId, taskNumber } from './fields.ts';

export const assignTask = command(Casework.assignTask, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, taskNumber, officerId: field.uuid }),
  command: (request, context) => ({ kind: 'assign', ...request, ...callerAndTimeOf(context) }),
});
