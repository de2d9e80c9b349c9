import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';

export const discardDraft = command(Registry.discardDraft, {
  policy: EDITORS,
  request: z.object({ procedureId: field.uuid }),
  command: ({ procedureId }) => ({ kind: 'discard', procedureId }),
});
