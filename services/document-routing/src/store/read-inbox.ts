import { hash } from 'node:crypto';
import { parameters, type Reader } from '@lienthong/kit';
import { conditions, type Filter, type Place } from './filter.ts';
import { DELIVERY_COLUMNS, type DeliveryRow, DOCUMENT_COLUMNS, type DocumentRow } from './rows.ts';

const ARRIVED = [1, 2, 3, 4, 5, 6, 13, 15, 16];

/**
 * A page of what any of the holders has, newest first. Each holder and each status is read from its own place in
 * delivery_unarrived or delivery_arrived, already in order, and only as far as the page needs: for a plain page from
 * the index alone. The at most 51 rows of each of ten statuses are merged, the page's own rows read by their ids.
 *
 * With 1,000,000 deliveries, of which one agency has 252,000 and each of 699 others about 1,100, execution takes
 * 0.7 ms for a plain page of any of them, 0.5 ms for one status, 1 ms where 1 row in 100 passes a filter (20 ms in the
 * huge inbox). Rare words are found through document_by_words, common ones by walking the inbox: 0.5 to 4 ms, at
 * worst 50 ms in the huge inbox. The planner knows how common a word is, so with words the statement is planned for
 * its parameters and never prepared. One index (holder, sent_at) over all statuses beside one by status made sending a
 * delivery cost 19 µs instead of 11.
 */
export function readInbox(
  reader: Reader,
  holderIds: readonly string[],
  filter: Filter,
  after: Place | undefined,
  limit: number,
): Promise<(DeliveryRow & DocumentRow)[]> {
  const p = parameters();
  const holders = p.add(holderIds);
  const where = conditions(p, filter, after, { table: 'd', time: 'sent_at' });
  const max = p.add(limit);
  const branch = (statuses: string, status: string[]) => `
    select d.id, d.sent_at from unnest(${holders}::uuid[]) as h (holder_id) ${statuses}
     cross join lateral (
           select d.id, d.sent_at from delivery d
                  ${filter.text === '' ? '' : 'join document doc on doc.id = d.document_id'}
            where ${['d.holder_id = h.holder_id', 'not d.withdrawn', ...status, ...where].join(' and ')}
            order by d.sent_at desc, d.id desc limit ${max}) d`;
  const wanted = filter.statuses.length > 0 ? filter.statuses : [0, ...ARRIVED];
  const branches: string[] = [];
  // Each condition says what its index's predicate says, or the planner could not use it.
  if (wanted.some((status) => status === 0)) branches.push(branch('', ['d.status = 0']));
  const arrived = wanted.filter((status) => status !== 0);
  if (arrived.length > 0) {
    const statuses = `cross join unnest(${p.add(arrived)}::smallint[]) as s (status)`;
    branches.push(branch(statuses, ['d.status <> 0', 'd.status = s.status']));
  }
  const text = `with page as (${branches.join(' union all ')} order by sent_at desc, id desc limit ${max})
           select ${DELIVERY_COLUMNS}, ${DOCUMENT_COLUMNS}
             from page join delivery d using (id) join document doc on doc.id = d.document_id
            order by d.sent_at desc, d.id desc`;
  // Planning costs as much as a plain page. The filters given make the text, so there are few to prepare.
  const name = filter.text === '' ? `inbox ${hash('sha1', text, 'base64')}` : undefined;
  return reader.query({ name, text, values: p.values });
}
