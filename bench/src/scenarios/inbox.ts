import { DeliveryStatus, Urgency } from '@lienthong/contracts/routing';
import type { Agency } from '../agencies.ts';
import { pageP99 } from '../load.ts';
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
  return pageP99(
    clients,
    FILTERS,
    pages,
    async (client, filter, pageToken) =>
      (await client.listInbox({ filter, pageSize: 50, pageToken })).nextPageToken,
  );
}
