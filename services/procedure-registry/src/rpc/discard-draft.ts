import { field } from '@lienthong/kit';
import { z } from 'zod';
import { command, EDITORS, Registry } from './deps.ts';
import { revision } from './fields.ts';

export const discardDraft = command(Registry.discardDraft, {
  policy: EDITORS,
  request: z.object({ procedureId: field.uuid, revision }),
  command: (request) => ({ kind: 'discard', ...request }),
});
