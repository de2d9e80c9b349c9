import type { DeliveryStatus } from '@lienthong/contracts/routing';
import { parameters, type Reader } from '@lienthong/kit';
import { conditions, type Filter } from './filter.ts';
import { inboxStatuses } from './read-inbox.ts';

/** A count of so many stands for it or more: counting a huge inbox would take as long as reading it. */
export const MOST_COUNTED = 1_000;

/**
 * How many rows `readInbox` has for the same holders and filter, by status. It reads delivery_unarrived or delivery_arrived
 * for each holder and status, as that does, at most `MOST_COUNTED` rows of a status that pass the filter.
 */
export function countInbox(
  reader: Reader,
  holderIds: readonly string[],
  filter: Filter,
): Promise<{ status: DeliveryStatus; count: number }[]> {
  const p = parameters();
  const holders = p.add(holderIds);
  const where = conditions(p, filter, undefined, { table: 'd', time: 'sent_at' });
  const max = p.add(MOST_COUNTED);
  const counted = (status: string[]) => `
    select 1 from unnest(${holders}::uuid[]) as h (holder_id)
     cross join lateral (
           select 1 from delivery d
                  ${filter.text === '' ? '' : 'join document doc on doc.id = d.document_id'}
            where ${['d.holder_id = h.holder_id', 'not d.withdrawn', ...status, ...where].join(' and ')}
            limit ${max}) d
     limit ${max}`;
  const { unarrived, arrived } = inboxStatuses(filter);
  const branches: string[] = [];
  // Each condition repeats the predicate of its index; otherwise the planner could not use the index.
  if (unarrived)
    branches.push(
      `select 0::smallint as status, (select count(*) from (${counted(['d.status = 0'])}) c) as count`,
    );
  if (arrived.length > 0)
    branches.push(`select s.status, (select count(*) from (${counted(['d.status <> 0', 'd.status = s.status'])}) c) as count
                     from unnest(${p.add(arrived)}::smallint[]) as s (status)`);
  return reader.query({
    text: `select status, count from (${branches.join(' union all ')}) counts where count > 0 order by status`,
    values: p.values,
  });
}
