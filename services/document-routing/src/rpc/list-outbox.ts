import { standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import { countByStatus, readOutbox } from '../store/read-outbox.ts';
import { toReadItem, toSummary } from '../store/rows.ts';
import { list, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';
import { filter, instantAndId, placeOf } from './list-filter.ts';

export const listOutbox = list(Routing.listOutbox, {
  policy: WORKS_WITH_DOCUMENTS,
  reads: 'buffered',
  request: z.object({ filter }),
  cursor: instantAndId,
  handle: async ({ filter, page }, { caller, today }, { db, agencies }) => {
    await agencies.refresh(db);
    const issuers = standsForAll(agencies, caller.agencyId, today);
    const rows = await readOutbox(db, issuers, filter, placeOf(page.after), page.limit);
    const counts = Map.groupBy(
      await countByStatus(
        db,
        rows.map((row) => row.document_id),
      ),
      (row) => row.document_id,
    );
    return page.cut(
      rows,
      (row) => [row.issued_at.getTime(), row.document_id],
      (rows, nextPageToken) => ({
        items: rows.map((row) => {
          const all = counts.get(row.document_id) ?? [];
          return {
            document: toSummary(row),
            counts: all.filter((one) => !one.withdrawn).map(({ status, count }) => ({ status, count })),
            withdrawn: all.reduce((sum, one) => (one.withdrawn ? sum + one.count : sum), 0),
          };
        }),
        nextPageToken,
      }),
      toReadItem,
    );
  },
});
