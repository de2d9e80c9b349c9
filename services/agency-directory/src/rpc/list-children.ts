import type { Agency, ListChildrenRequest, ListChildrenResponse } from '@lienthong/contracts/directory';
import { field, parse } from '@lienthong/kit';
import { z } from 'zod';
import { type ChildCursor, listChildren as list } from '../store/agencies.ts';
import { type Directory, dateOf } from './directory.ts';
import { page } from './page.ts';
import { requireAgency } from './require-agency.ts';
import { optionalTier } from './schemas.ts';

const schema = z.object({
  agencyId: field.uuid,
  at: field.optionalDate,
  tier: optionalTier,
  pageSize: field.pageSize,
  pageToken: z.string(),
});

export const listChildren =
  (directory: Directory) =>
  async (request: ListChildrenRequest): Promise<ListChildrenResponse> => {
    const { agencyId, at, tier, pageSize, pageToken } = parse(schema, request);
    const { items, nextPageToken } = await page<Agency, ChildCursor>(
      { list: 'children', filter: [agencyId, at, tier], pageToken, pageSize, at: dateOf(directory, at) },
      (date, after, limit) => list(directory.db, { agencyId, at: date, tier }, after, limit),
    );
    if (items.length === 0) await requireAgency(directory, agencyId);
    return { agencies: items, nextPageToken };
  };
