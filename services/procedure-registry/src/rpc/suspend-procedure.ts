import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';

export const suspendProcedure = command(Registry.suspendProcedure, {
  policy: EDITORS,
  request: z.object({ procedureId: field.uuid, reason: field.text({ min: 1, max: 500 }) }),
  command: (request, { now, today }) => ({ kind: 'suspend', ...request, now, today }),
});

export const resumeProcedure = command(Registry.resumeProcedure, {
  policy: EDITORS,
  request: z.object({ procedureId: field.uuid }),
  command: (request) => ({ kind: 'resume', ...request }),
});
