import { DeliveryStatus, Urgency } from '@lienthong/contracts/routing';
import type { Agency } from '../agencies.ts';
import { percentile } from '../load.ts';
import type { Target } from '../target.ts';

const FILTERS = [
  {},
  { notYetArrived: true },
  { statuses: [DeliveryStatus.ACCEPTED] },
  { types: ['CV'], urgencies: [Urgency.NORMAL] },
  { text: 'cai cach hanh chinh' },
];

/** Milliseconds for a page of an inbox, the 99th percentile over agencies, filters, first and second pages. */
export async function inboxPage(target: Target, agencies: readonly Agency[], pages: number): Promise<number> {
  const clients = await Promise.all(agencies.slice(0, 100).map(({ id }) => target.as(id)));
  const samples: number[] = [];
  let pageToken = '';
  for (let n = 0; n < pages + 200; n += 1) {
    const turn = Math.floor(n / 2);
    const client = clients[turn % clients.length] as (typeof clients)[number];
    const filter = FILTERS[turn % FILTERS.length];
    const start = performance.now();
    const page = await client.listInbox({ filter, pageSize: 50, pageToken: n % 2 === 0 ? '' : pageToken });
    if (n >= 200) samples.push(performance.now() - start);
    pageToken = page.nextPageToken;
  }
  return percentile(samples, 0.99);
}
