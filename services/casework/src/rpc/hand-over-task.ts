import { field } from '@lienthong/kit';
import { z } from 'zod';
import { Casework, callerAndTimeOf, command, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId, optionalText, taskNumber } from './fields.ts';

export const handOverTask = command(Casework.handOverTask, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, taskNumber, officerId: field.uuid, reason: optionalText() }),
  command: (request, context) => ({ kind: 'hand-over', ...request, ...callerAndTimeOf(context) }),
});
