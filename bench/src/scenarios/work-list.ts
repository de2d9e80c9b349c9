import type { Agency } from '../agencies.ts';
import { pageP99 } from '../load.ts';
import type { Target } from '../target.ts';

const FILTERS = [
  {},
  { officerId: 'bench' },
  { unassigned: true },
  { dueBefore: new Date(Date.now() + 3 * 86_400_000) },
];

/** Milliseconds for a page of a work list, the 99th percentile over agencies, filters, first and second pages. */
export async function workListPage(
  target: Target,
  agencies: readonly Agency[],
  pages: number,
): Promise<number> {
  const clients = await Promise.all(agencies.slice(0, 100).map(({ id }) => target.as(id)));
  return pageP99(
    clients,
    FILTERS,
    pages,
    async (client, filter, pageToken) =>
      (await client.listWork({ filter, pageSize: 50, pageToken })).nextPageToken,
  );
}
