import type { ListOutboxRequest, ListOutboxResponse } from '@lienthong/contracts/routing';
import { type CallInfo, callerOf, cursorIn, instant, pageOf, parse } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import { countByStatus, readOutbox } from '../store/read-outbox.ts';
import { toSummary } from '../store/rows.ts';
import type { Edge } from './edge.ts';
import { listSchema, newestFirst, placeOf, toFilter } from './paging.ts';

export function listOutbox({ db, clock, agencies }: Edge) {
  return async (request: ListOutboxRequest, info: CallInfo): Promise<ListOutboxResponse> => {
    const callerId = callerOf(info);
    const { pageSize, pageToken, ...asked } = parse(listSchema, request);
    const filter = toFilter(asked.filter);
    const paging = newestFirst('outbox', callerId, filter);
    const after = placeOf(cursorIn(paging, pageToken));
    await agencies.refresh(db);
    const issuers = standsForAll(agencies, callerId, instant(clock).today);
    const rows = await readOutbox(db, issuers, filter, after, pageSize + 1);
    const { page, nextPageToken } = pageOf(paging, rows, pageSize, (row) => [
      row.issued_at.getTime(),
      row.document_id,
    ]);
    const counts = Map.groupBy(
      await countByStatus(
        db,
        page.map((row) => row.document_id),
      ),
      (row) => row.document_id,
    );
    return {
      items: page.map((row) => {
        const all = counts.get(row.document_id) ?? [];
        return {
          document: toSummary(row),
          counts: all.filter((one) => !one.withdrawn).map(({ status, count }) => ({ status, count })),
          withdrawn: all.reduce((sum, one) => (one.withdrawn ? sum + one.count : sum), 0),
        };
      }),
      nextPageToken,
    };
  };
}
