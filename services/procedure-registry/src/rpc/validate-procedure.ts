import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';
import { checkDraft } from './find-problems.ts';

export const validateProcedure = command(Registry.validateProcedure, {
  policy: EDITORS,
  request: z.object({ procedureId: field.uuid }),
  command: async ({ procedureId }, context, deps) => {
    const { today } = context;
    const checked = await checkDraft(procedureId, { from: today, to: today }, context, deps);
    return { kind: 'validate', procedureId, today, checked };
  },
});
