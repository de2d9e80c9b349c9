import type { DeliveryStatus } from '@lienthong/contracts/routing';
import { parameters, type Reader } from '@lienthong/kit';
import { conditions, type Filter, type Place } from './filter.ts';
import { DOCUMENT_COLUMNS, type DocumentRow } from './rows.ts';

/** A page of the documents that any of the issuers issued, newest first; index document_outbox once per issuer. */
export function readOutbox(
  reader: Reader,
  issuerIds: readonly string[],
  filter: Filter,
  after: Place | undefined,
  limit: number,
): Promise<DocumentRow[]> {
  const p = parameters();
  const issuers = `unnest(${p.add(issuerIds)}::uuid[]) as i (issuer_id)`;
  const where = [
    'doc.issuer_id = i.issuer_id',
    ...conditions(p, filter, after, { table: 'doc', time: 'issued_at' }),
  ];
  if (filter.statuses.length > 0)
    where.push(`exists (select from delivery d where d.document_id = doc.id and not d.withdrawn
                           and d.status = any(${p.add(filter.statuses)}::smallint[]))`);
  const max = p.add(limit);
  return reader.query({
    text: `select ${DOCUMENT_COLUMNS}
             from ${issuers}
            cross join lateral (
                  select doc.* from document doc
                   where ${where.join(' and ')}
                   order by doc.issued_at desc, doc.id desc limit ${max}) doc
            order by doc.issued_at desc, doc.id desc limit ${max}`,
    values: p.values,
  });
}

export interface CountRow {
  document_id: string;
  status: DeliveryStatus;
  withdrawn: boolean;
  count: number;
}

/** The number of deliveries of each document in each status. The deliveries of a document lie together on disk. */
export const countByStatus = (reader: Reader, documentIds: readonly string[]): Promise<CountRow[]> =>
  reader.query({
    name: 'count_by_status',
    text: `select document_id, status, withdrawn, count(*) as count from delivery
            where document_id = any($1::uuid[])
            group by document_id, status, withdrawn
            order by document_id, status`,
    values: [documentIds],
  });
