import type { Tx } from '@lienthong/kit';

/**
 * Removes the oldest events recorded before a moment, and says so in the head; resolves to how many went. Few at a
 * time: nothing is recorded meanwhile, for the head's lock comes first.
 */
export async function forgetEvents(tx: Tx, before: Date, limit: number): Promise<number> {
  const [gone] = await tx.query<{ n: number }>({
    name: 'feed_forget',
    text: `with head as materialized (select forgotten from feed_head for update),
                oldest as materialized (
                  select e.seq, e.recorded_at from feed_event e, head
                   where e.seq > head.forgotten order by e.seq limit $2),
                -- Up to the first that is still to be kept: clocks may differ, what is forgotten has no gaps.
                due as materialized (
                  select seq from oldest
                   where seq < coalesce((select min(seq) from oldest where recorded_at >= $1), 9223372036854775807)),
                events as (delete from feed_event where seq in (select seq from due) returning seq, audience),
                entries as (
                  delete from feed_entry using (select seq, unnest(audience) as agency_id from events) as gone
                   where feed_entry.agency_id = gone.agency_id and feed_entry.seq = gone.seq),
                said as (
                  update feed_head set forgotten = (select max(seq) from due) where exists (select from due))
           select count(*) as n from due`,
    values: [before, limit],
  });
  return gone?.n ?? 0;
}
