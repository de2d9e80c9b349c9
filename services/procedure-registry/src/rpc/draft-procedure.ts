import { uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';
import { definition, WITH_DEFINITION } from './fields.ts';

export const draftProcedure = command(Registry.draftProcedure, {
  policy: EDITORS,
  ...WITH_DEFINITION,
  request: z.object({ definition }),
  command: ({ definition }) => ({ kind: 'draft', id: uuidv7(), definition }),
});
