import { field, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { listVersions as readVersions } from '../store/read.ts';
import { query, Registry, writesProcedures } from './deps.ts';
import { unknownCode } from './get-procedure.ts';

export const listVersions = query(Registry.listVersions, {
  policy: 'public',
  request: z.object({ code: field.text({ min: 1, max: 60 }) }),
  handle: async ({ code }, { caller }, { db }) => {
    const versions = await readVersions(db, code, writesProcedures(caller));
    return versions.length > 0 ? { versions } : refuse(unknownCode(code));
  },
});
