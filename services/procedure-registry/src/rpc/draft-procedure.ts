import { uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';
import { definition, normalForm, WITH_DEFINITION } from './fields.ts';

export const draftProcedure = command(Registry.draftProcedure, {
  policy: EDITORS,
  ...WITH_DEFINITION,
  request: z.object({ definition }),
  command: async ({ definition }, context, deps) => ({
    kind: 'draft',
    id: uuidv7(),
    definition: await normalForm(definition, context, deps),
  }),
});
