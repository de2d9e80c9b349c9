import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';
import { decision, revision } from './fields.ts';
import { checkDraft } from './find-problems.ts';

export const publishProcedure = command(Registry.publishProcedure, {
  policy: EDITORS,
  request: z.object({ procedureId: field.uuid, effectiveOn: field.optionalDate, decision, revision }),
  command: async ({ effectiveOn, ...request }, context, deps) => {
    const { today } = context;
    const from = effectiveOn || today;
    const checked = await checkDraft(request.procedureId, { from }, context, deps);
    return { kind: 'publish', ...request, effectiveOn: from, today, checked };
  },
});
