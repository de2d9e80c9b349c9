import { field, refuse } from '@lienthong/kit';
import { hasEnded } from '@lienthong/reference-data';
import { z } from 'zod';
import { unknownCode } from '../domain/draft.ts';
import { toRefusal } from '../domain/problem.ts';
import { isKnownCode, lastHolderOf, readCurrentHolder, resolveCode as resolve } from '../store/agencies.ts';
import { Directory, query } from './deps.ts';
import { agencyCode } from './schemas.ts';

export const resolveCode = query(Directory.resolveCode, {
  policy: 'authenticated',
  request: z.object({ code: agencyCode, at: field.optionalDate }),
  handle: async ({ code, at }, { today }, { db }) => {
    const date = at || today;
    const agency = (await resolve(db, code, date)) ?? (await lastHolderOf(db, code, date));
    const holder = agency && (await readCurrentHolder(db, agency, date < today ? today : date));
    if (agency && (holder || !hasEnded(agency, date)))
      return { agency, successor: holder?.id === agency.id ? undefined : holder };
    const known = await isKnownCode(db, code);
    return refuse(toRefusal([{ field: 'code.code', ...unknownCode(known, code, date) }]));
  },
});
