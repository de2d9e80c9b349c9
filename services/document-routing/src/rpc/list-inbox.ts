import { standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import { toDelivery } from '../domain/delivery-record.ts';
import { readInbox } from '../store/read-inbox.ts';
import { issuerOf, toReadItem, toRecord, toSummary } from '../store/rows.ts';
import { list, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';
import { filter, instantAndId, placeOf } from './list-filter.ts';

export const listInbox = list(Routing.listInbox, {
  policy: WORKS_WITH_DOCUMENTS,
  reads: 'buffered',
  request: z.object({ filter }),
  cursor: instantAndId,
  handle: async ({ filter, page }, { caller, today }, { db, agencies }) => {
    const after = placeOf(page.after);
    const read = () =>
      readInbox(db, standsForAll(agencies, caller.agencyId, today), filter, after, page.limit);
    // Whose inbox it is depends on the agencies: when they have just changed, read again.
    const [changed, first] = await Promise.all([agencies.refresh(db), read()]);
    const rows = changed ? await read() : first;
    return page.cut(
      rows,
      (row) => [row.sent_at.getTime(), row.id],
      (rows, nextPageToken) => ({
        items: rows.map((row) => ({
          delivery: toDelivery(toRecord(row, issuerOf(row))),
          document: toSummary(row),
        })),
        nextPageToken,
      }),
      toReadItem,
    );
  },
});
