import type { Reader } from './agency-cache.ts';
import { conditions, type Filter, type Place } from './filter.ts';
import { DELIVERY_COLUMNS, type DeliveryRow, DOCUMENT_COLUMNS, type DocumentRow } from './rows.ts';
import { parameters } from './sql-parts.ts';

/**
 * A page of what any of the holders has, newest first. Each holder (and each status asked for) is read from its own
 * place in an index, already in order, and only as far as the page needs; the few results are then merged.
 */
export function readInbox(
  reader: Reader,
  holderIds: readonly string[],
  filter: Filter,
  after: Place | undefined,
  limit: number,
): Promise<(DeliveryRow & DocumentRow)[]> {
  const p = parameters();
  const holders = `unnest(${p.add(holderIds)}::uuid[]) as h (holder_id)`;
  const byStatus = filter.statuses.length > 0;
  const statuses = byStatus ? `cross join unnest(${p.add(filter.statuses)}::smallint[]) as s (status)` : '';
  const where = [
    'd.holder_id = h.holder_id',
    'not d.withdrawn',
    ...(byStatus ? ['d.status = s.status'] : []),
    ...conditions(p, filter, after, { table: 'd', time: 'sent_at' }),
  ];
  const max = p.add(limit);
  return reader.query({
    text: `select ${DELIVERY_COLUMNS}, ${DOCUMENT_COLUMNS}
             from ${holders} ${statuses}
            cross join lateral (
                  select d.* from delivery d join document doc on doc.id = d.document_id
                   where ${where.join(' and ')}
                   order by d.sent_at desc, d.id desc limit ${max}) d
             join document doc on doc.id = d.document_id
            order by d.sent_at desc, d.id desc limit ${max}`,
    values: p.values,
  });
}
