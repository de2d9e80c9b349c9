import type { Reader } from '@lienthong/kit';
import { EVENT_COLUMNS, type EventRow } from './rows.ts';

export interface TailRow extends EventRow {
  audience: readonly string[];
}

/** The next events for anybody, in order; a range of the primary key. */
export const readTail = (reader: Reader, after: number, limit: number): Promise<TailRow[]> =>
  reader.query({
    name: 'feed_tail',
    text: `select f.seq, ${EVENT_COLUMNS}, f.audience::text[] as audience
             from feed_event f where f.seq > $1 order by f.seq limit $2`,
    values: [after, limit],
  });
