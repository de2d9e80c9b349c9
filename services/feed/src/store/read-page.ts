import { plainArray, type Reader } from '@lienthong/kit';
import { EVENT_COLUMNS, type EventRow } from './rows.ts';

export interface Page {
  events: readonly EventRow[];
  /** Every event up to here is in the page, or is not of the requested types. */
  upTo: number;
  /** True when there may be more. */
  more: boolean;
  /** Events up to this one are not kept any more: a page after an earlier one has a gap. */
  forgotten: number;
}

export interface PageRequest {
  /** Agencies and reserved ids. */
  ids: readonly string[];
  after: number;
  /** Undefined: all. */
  types: readonly string[] | undefined;
  /** Events that are scanned; with types, fewer are found. */
  limit: number;
  /** Of payloads; one event may be larger. */
  maxBytes: number;
}

/**
 * A page of the events of some agencies, in order. The first `limit` entries of each agency are read from its part of
 * the primary key and merged: a scan for all of them at once would sort everything since the cursor. One statement, so
 * that head and entries are of one snapshot.
 */
export async function readPage(
  reader: Reader,
  { ids, after, types, limit, maxBytes }: PageRequest,
): Promise<Page> {
  const rows = await reader.query<Nullable<EventRow> & { head: number; forgotten: number; bytes: number }>({
    name: 'feed_page',
    text: `with scanned as (
             select own.seq
               from unnest($1::uuid[]) as reader (id)
              cross join lateral (select e.seq from feed_entry e
                                   where e.agency_id = reader.id and e.seq > $2 order by e.seq limit $3) as own
              group by own.seq order by own.seq limit $3),
           found as (
             select scanned.seq, ${EVENT_COLUMNS},
                    sum(coalesce(octet_length(f.payload), 0)) over (order by scanned.seq) as bytes
               from scanned
               left join feed_event f on f.seq = scanned.seq and ($4::text[] is null or f.type = any($4::text[])))
           select h.seq as head, h.forgotten, f.seq, ${EVENT_COLUMNS}, f.bytes
             from feed_head h
             left join found f on f.bytes - coalesce(octet_length(f.payload), 0) < $5
            order by f.seq`,
    values: [plainArray(ids), after, limit, types ?? null, maxBytes],
  });
  const { head, forgotten } = rows[0] as { head: number; forgotten: number };
  const scanned = rows.filter((row) => row.seq !== null);
  const last = scanned.at(-1);
  const cut = last !== undefined && (scanned.length === limit || last.bytes >= maxBytes);
  return {
    events: scanned.filter((row): row is EventRow & typeof row => row.event_id !== null),
    upTo: cut ? (last.seq as number) : Math.max(head, after),
    more: cut,
    forgotten,
  };
}

type Nullable<T> = { [K in keyof T]: T[K] | null };
