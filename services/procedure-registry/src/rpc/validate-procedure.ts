import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';

export const validateProcedure = command(Registry.validateProcedure, {
  policy: EDITORS,
  request: z.object({ procedureId: field.uuid }),
  command: ({ procedureId }, { today }) => ({ kind: 'validate', procedureId, today }),
});
