import { field } from '@lienthong/kit';
import { z } from 'zod';
import { listChildren as readChildren } from '../store/agencies.ts';
import { Directory, list } from './deps.ts';
import { requireAgency } from './require-agency.ts';
import { optionalTier } from './schemas.ts';

export const listChildren = list(Directory.listChildren, {
  policy: 'authenticated',
  request: z.object({ agencyId: field.uuid, at: field.optionalDate, tier: optionalTier }),
  // The date stays in the token: pages of one list do not shift at midnight.
  cursor: z.tuple([field.date, z.tuple([z.number(), z.string(), field.uuid])]),
  handle: async ({ agencyId, at, tier, page }, { today }, { db }) => {
    const [date, after] = page.after ?? [at || today, undefined];
    const rows = await readChildren(db, { agencyId, at: date, tier }, after, page.limit);
    if (rows.length === 0) await requireAgency(db, agencyId);
    return page.cut(
      rows,
      ({ cursor }) => [date, cursor],
      (rows, nextPageToken) => ({ agencies: rows.map(({ item }) => item), nextPageToken }),
    );
  },
});
