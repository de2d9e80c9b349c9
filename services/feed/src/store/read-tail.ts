import type { Reader } from '@lienthong/kit';
import { EVENT_COLUMNS, type TailRow } from './rows.ts';

/**
 * The next events of all agencies, in order; a range of the primary key.
 * @param maxBytes of payloads; one event may be larger
 */
export async function readTail(
  reader: Reader,
  after: number,
  limit: number,
  maxBytes: number,
): Promise<{ rows: TailRow[]; more: boolean }> {
  const found = await reader.query<TailRow & { bytes: number }>({
    name: 'feed_tail',
    text: `select f.* from (
             select f.seq, ${EVENT_COLUMNS}, f.audience::text[] as audience,
                    sum(octet_length(f.payload)) over (order by f.seq) as bytes
               from (select * from feed_event where seq > $1 order by seq limit $2) as f) as f
            where f.bytes - octet_length(f.payload) < $3 order by f.seq`,
    values: [after, limit, maxBytes],
  });
  const more = found.length === limit || (found.at(-1)?.bytes ?? 0) >= maxBytes;
  return { rows: found.map(({ bytes: _, ...row }) => row), more };
}
