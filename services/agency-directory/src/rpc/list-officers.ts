import type { ListOfficersRequest, ListOfficersResponse, Officer } from '@lienthong/contracts/directory';
import { field, parse } from '@lienthong/kit';
import { z } from 'zod';
import { listOfficers as list, type OfficerCursor } from '../store/officers.ts';
import { type Directory, dateOf } from './directory.ts';
import { page } from './page.ts';
import { requireAgency } from './require-agency.ts';

const schema = z.object({
  agencyId: field.uuid,
  at: field.optionalDate,
  headOnly: z.boolean(),
  pageSize: field.pageSize,
  pageToken: z.string(),
});

export const listOfficers =
  (directory: Directory) =>
  async (request: ListOfficersRequest): Promise<ListOfficersResponse> => {
    const { agencyId, at, headOnly, pageSize, pageToken } = parse(schema, request);
    const { items, nextPageToken } = await page<Officer, OfficerCursor>(
      { list: 'officers', filter: [agencyId, at, headOnly], pageToken, pageSize, at: dateOf(directory, at) },
      (date, after, limit) => list(directory.db, { agencyId, at: date, headOnly }, after, limit),
    );
    if (items.length === 0) await requireAgency(directory, agencyId);
    return { officers: items, nextPageToken };
  };
