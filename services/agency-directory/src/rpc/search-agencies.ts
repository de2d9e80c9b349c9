import { field, searchKey } from '@lienthong/kit';
import { z } from 'zod';
import { searchAgencies as search } from '../store/search.ts';
import { Directory, list } from './deps.ts';
import { optionalTier } from './schemas.ts';

export const searchAgencies = list(Directory.searchAgencies, {
  policy: 'authenticated',
  request: z.object({
    // Spellings with the same search key share one list and its page tokens.
    query: field
      .text({ min: 1, max: 200 })
      .transform(searchKey)
      .refine((key) => key !== '', 'must hold a letter or a digit'),
    at: field.optionalDate,
    tier: optionalTier,
    includeEnded: z.boolean(),
  }),
  // The date stays in the token: pages of one list do not shift at midnight.
  cursor: z.tuple([field.date, z.tuple([z.number(), z.string(), field.uuid])]),
  handle: async ({ query, at, tier, includeEnded, page }, { today }, { db }) => {
    const [date, after] = page.after ?? [at || today, undefined];
    const wanted = { key: query, at: date, tier, includeEnded };
    const rows = await search(db, wanted, after, page.limit);
    return page.cut(
      rows,
      ({ cursor }) => [date, cursor],
      (rows, nextPageToken) => ({ agencies: rows.map(({ item }) => item), nextPageToken }),
    );
  },
});
