import type { Agency } from '../agencies.ts';
import { percentile } from '../load.ts';
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
  const samples: number[] = [];
  let pageToken = '';
  for (let n = 0; n < pages + 200; n += 1) {
    const turn = Math.floor(n / 2);
    const client = clients[turn % clients.length] as (typeof clients)[number];
    const filter = FILTERS[turn % FILTERS.length];
    const start = performance.now();
    const page = await client.listWork({ filter, pageSize: 50, pageToken: n % 2 === 0 ? '' : pageToken });
    if (n >= 200) samples.push(performance.now() - start);
    pageToken = page.nextPageToken;
  }
  return percentile(samples, 0.99);
}
