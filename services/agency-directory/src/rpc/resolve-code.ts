import { field, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { unknownCode } from '../domain/draft.ts';
import { toRefusal } from '../domain/problem.ts';
import { isKnownCode, resolveCode as resolve } from '../store/agencies.ts';
import { Directory, query } from './deps.ts';
import { agencyCode } from './schemas.ts';

export const resolveCode = query(Directory.resolveCode, {
  policy: 'authenticated',
  request: z.object({ code: agencyCode, at: field.optionalDate }),
  handle: async ({ code, at }, { today }, { db }) => {
    const date = at || today;
    const agency = await resolve(db, code, date);
    if (agency) return { agency };
    const known = await isKnownCode(db, code);
    return refuse(toRefusal([{ field: 'code.code', ...unknownCode(known, code, date) }]));
  },
});
