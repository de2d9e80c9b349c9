import { invalid, principalOf, refuse, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { MAX_RECORD_BYTES } from '../portal/read-record.ts';
import { command, EDITORS, Registry } from './deps.ts';

export const importProcedure = command(Registry.importProcedure, {
  policy: EDITORS,
  // A larger record is refused with its size.
  maxBytes: 2 * MAX_RECORD_BYTES,
  request: z.object({ record: z.string() }),
  cost: 10,
  command: async ({ record }, context, { pools }) => {
    const read = await pools.documents.run(principalOf(context), 'readRecord', record);
    if (!read.ok) return refuse(invalid(read.violations));
    const { definition, uncertain } = read;
    return { kind: 'import-record', id: uuidv7(), definition, uncertain };
  },
});
