import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';
import { decision } from './fields.ts';

export const repealProcedure = command(Registry.repealProcedure, {
  policy: EDITORS,
  request: z.object({ procedureId: field.uuid, endedOn: field.optionalDate, decision }),
  command: (request, { today }) => ({ kind: 'repeal', ...request, today }),
});
