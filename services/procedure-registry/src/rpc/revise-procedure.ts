import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';
import { definition, normalForm, WITH_DEFINITION } from './fields.ts';

export const reviseProcedure = command(Registry.reviseProcedure, {
  policy: EDITORS,
  ...WITH_DEFINITION,
  request: z.object({ procedureId: field.uuid, definition }),
  command: async ({ procedureId, definition }, context, deps) => ({
    kind: 'revise',
    procedureId,
    definition: await normalForm(definition, context, deps),
  }),
});
