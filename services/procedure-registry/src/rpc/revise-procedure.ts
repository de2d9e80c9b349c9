import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';
import { definition, normalForm, revision, WITH_DEFINITION } from './fields.ts';

export const reviseProcedure = command(Registry.reviseProcedure, {
  policy: EDITORS,
  ...WITH_DEFINITION,
  request: z.object({ procedureId: field.uuid, definition, revision }),
  command: async ({ procedureId, definition, revision }, context, deps) => ({
    kind: 'revise',
    procedureId,
    revision,
    definition: await normalForm(definition, context, deps),
  }),
});
