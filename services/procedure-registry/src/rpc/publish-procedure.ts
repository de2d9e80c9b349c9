import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';
import { decision } from './fields.ts';

export const publishProcedure = command(Registry.publishProcedure, {
  policy: EDITORS,
  request: z.object({ procedureId: field.uuid, effectiveOn: field.optionalDate, decision }),
  command: (request, { today }) => ({ kind: 'publish', ...request, today }),
});
