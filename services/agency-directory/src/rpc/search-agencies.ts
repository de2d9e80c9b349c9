import type { Agency, SearchAgenciesRequest, SearchAgenciesResponse } from '@lienthong/contracts/directory';
import { field, invalid, parse, refuse, searchKey } from '@lienthong/kit';
import { z } from 'zod';
import { type SearchCursor, searchAgencies as search } from '../store/search.ts';
import { type Directory, dateOf } from './directory.ts';
import { page } from './page.ts';
import { optionalTier } from './schemas.ts';

const schema = z.object({
  query: field.text({ min: 1, max: 200 }),
  at: field.optionalDate,
  tier: optionalTier,
  includeEnded: z.boolean(),
  pageSize: field.pageSize,
  pageToken: z.string(),
});

export const searchAgencies =
  (directory: Directory) =>
  async (request: SearchAgenciesRequest): Promise<SearchAgenciesResponse> => {
    const { query, at, tier, includeEnded, pageSize, pageToken } = parse(schema, request);
    const key = searchKey(query);
    if (key === '') return refuse(invalid([nothingToFind]));
    const { items, nextPageToken } = await page<Agency, SearchCursor>(
      {
        list: 'search',
        filter: [key, at, tier, includeEnded],
        pageToken,
        pageSize,
        at: dateOf(directory, at),
      },
      (date, after, limit) => search(directory.db, { key, at: date, tier, includeEnded }, after, limit),
    );
    return { agencies: items, nextPageToken };
  };

const nothingToFind = {
  field: 'query',
  description: 'must hold a letter or a digit',
  reason: 'FIELD_INVALID',
};
