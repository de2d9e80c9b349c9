import { field } from '@lienthong/kit';
import { z } from 'zod';
import { listOfficers as readOfficers } from '../store/officers.ts';
import { Directory, list } from './deps.ts';
import { requireAgency } from './require-agency.ts';

export const listOfficers = list(Directory.listOfficers, {
  policy: 'authenticated',
  request: z.object({ agencyId: field.uuid, at: field.optionalDate, headOnly: z.boolean() }),
  // The date stays in the token: pages of one list do not shift at midnight.
  cursor: z.tuple([field.date, z.tuple([z.boolean(), z.string(), field.uuid])]),
  handle: async ({ agencyId, at, headOnly, page }, { today }, { db }) => {
    const [date, after] = page.after ?? [at || today, undefined];
    const rows = await readOfficers(db, { agencyId, at: date, headOnly }, after, page.limit);
    if (rows.length === 0) await requireAgency(db, agencyId);
    return page.cut(
      rows,
      ({ cursor }) => [date, cursor],
      (rows, nextPageToken) => ({ officers: rows.map(({ item }) => item), nextPageToken }),
    );
  },
});
