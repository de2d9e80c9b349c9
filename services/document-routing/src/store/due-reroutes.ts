import { DeliveryStatus } from '@lienthong/contracts/routing';
import type { Tx } from '@lienthong/kit';
import { DELIVERY_COLUMNS, type DeliveryRow, DOCUMENT_COLUMNS, type DocumentRow } from './rows.ts';

/** Statuses of deliveries that have arrived and are open, or wait for an answer (15, 16). */
export const OPEN_STATUSES = [
  DeliveryStatus.ARRIVED,
  DeliveryStatus.ACCEPTED,
  DeliveryStatus.ASSIGNED,
  DeliveryStatus.IN_PROGRESS,
  DeliveryStatus.RECALL_REQUESTED,
  DeliveryStatus.RECALL_AGREED,
  DeliveryStatus.RECALL_REFUSED,
];

/**
 * Locks, by id, up to `limit` open deliveries of the agencies. The indexes delivery_unarrived and delivery_arrived find
 * them without reading finished ones. PostgreSQL reads each row again after it waited for the lock: the second of two
 * processes that find the same row sees the new holder, and skips a delivery that was finished meanwhile.
 */
export const lockDueReroutes = (tx: Tx, endedIds: readonly string[], limit: number) =>
  tx.query<DeliveryRow & DocumentRow>({
    name: 'lock_due_reroutes',
    text: `with due as (
             select id from delivery
              where holder_id = any($1::uuid[]) and status = 0 and not withdrawn
              union all
             select id from delivery
              where holder_id = any($1::uuid[]) and status <> 0 and status = any($2::smallint[]) and not withdrawn
                and (state = 1 or pending_kind <> 0)
              limit $3)
           select ${DELIVERY_COLUMNS}, ${DOCUMENT_COLUMNS}
             from delivery d join document doc on doc.id = d.document_id
            where d.id in (select id from due) and (d.state = 1 or d.pending_kind <> 0)
            order by d.id for update of d`,
    values: [endedIds, OPEN_STATUSES, limit],
  });
