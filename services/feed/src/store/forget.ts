import type { Tx } from '@lienthong/kit';

/**
 * Deletes at most `limit` of the oldest events recorded before a moment, and moves the head's `forgotten`; resolves to
 * how many. The limit is small: the head's lock comes first, so nothing is recorded meanwhile.
 */
export async function forgetEvents(tx: Tx, before: Date, limit: number): Promise<number> {
  const [deleted] = await tx.query<{ n: number }>({
    name: 'feed_forget',
    text: `with head as materialized (select forgotten from feed_head for update),
                oldest as materialized (
                  select e.seq, e.recorded_at from feed_event e, head
                   where e.seq > head.forgotten order by e.seq limit $2),
                -- Up to the first that is still kept: clocks may differ, and what is forgotten must have no gaps.
                due as materialized (
                  select seq from oldest
                   where seq < coalesce((select min(seq) from oldest where recorded_at >= $1), 9223372036854775807)),
                events as (delete from feed_event where seq in (select seq from due) returning seq, audience),
                entries as (
                  delete from feed_entry using (select seq, unnest(audience) as agency_id from events) as gone
                   where feed_entry.agency_id = gone.agency_id and feed_entry.seq = gone.seq),
                moved as (
                  update feed_head set forgotten = (select max(seq) from due) where exists (select from due))
           select count(*) as n from due`,
    values: [before, limit],
  });
  return deleted?.n ?? 0;
}
