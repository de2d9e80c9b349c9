import { z } from 'zod';
import { Casework, callerAndTimeOf, command, LARGE_REQUEST_BYTES, WORKS_WITH_DOSSIERS } from './deps.ts';
import { data, dossierId, key, optionalText, results, taskNumber } from './fields.ts';

export const completeTask = command(Casework.completeTask, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, taskNumber, outcome: key, note: optionalText(), results, data }),
  maxBytes: LARGE_REQUEST_BYTES,
  command: (request, context) => ({ kind: 'complete', ...request, ...callerAndTimeOf(context) }),
});
