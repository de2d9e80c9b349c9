import type { ListInboxRequest, ListInboxResponse } from '@lienthong/contracts/routing';
import { type CallInfo, callerOf, cursorIn, instant, pageOf, parse } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import { toDelivery } from '../domain/delivery.ts';
import { readInbox } from '../store/read-inbox.ts';
import { issuerOf, toRecord, toSummary } from '../store/rows.ts';
import type { Edge } from './edge.ts';
import { listSchema, newestFirst, placeOf, toFilter } from './paging.ts';

export function listInbox({ db, clock, agencies }: Edge) {
  return async (request: ListInboxRequest, info: CallInfo): Promise<ListInboxResponse> => {
    const callerId = callerOf(info);
    const { pageSize, pageToken, ...asked } = parse(listSchema, request);
    const filter = toFilter(asked.filter);
    const paging = newestFirst('inbox', callerId, filter);
    const after = placeOf(cursorIn(paging, pageToken));
    const read = () => {
      const holders = standsForAll(agencies, callerId, instant(clock).today);
      return readInbox(db, holders, filter, after, pageSize + 1);
    };
    // Whose inbox it is hangs on the agencies: when they have just changed, read again.
    const [changed, first] = await Promise.all([agencies.refresh(db), read()]);
    const rows = changed ? await read() : first;
    const { page, nextPageToken } = pageOf(paging, rows, pageSize, (row) => [row.sent_at.getTime(), row.id]);
    return {
      items: page.map((row) => ({
        delivery: toDelivery(toRecord(row, issuerOf(row))),
        document: toSummary(row),
      })),
      nextPageToken,
    };
  };
}
