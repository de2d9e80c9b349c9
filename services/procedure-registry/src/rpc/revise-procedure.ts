import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';
import { definition, WITH_DEFINITION } from './fields.ts';

export const reviseProcedure = command(Registry.reviseProcedure, {
  policy: EDITORS,
  ...WITH_DEFINITION,
  request: z.object({ procedureId: field.uuid, definition }),
  command: ({ procedureId, definition }) => ({ kind: 'revise', procedureId, definition }),
});
