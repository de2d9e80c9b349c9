import type { Reader } from '@lienthong/kit';
import { OPEN_STATUSES } from './due-reroutes.ts';

/** Open deliveries by the agencies that hold them, most first; by the indexes delivery_unarrived and delivery_arrived. */
export const countOpenDeliveries = (
  reader: Reader,
  holderIds: readonly string[],
  limit: number,
): Promise<{ agencyId: string; deliveries: number; oldestSentAt: Date }[]> =>
  reader.query({
    name: 'count_open_deliveries',
    text: `with open as (
             select holder_id, sent_at from delivery
              where holder_id = any($1::uuid[]) and status = 0 and not withdrawn
              union all
             select holder_id, sent_at from delivery
              where holder_id = any($1::uuid[]) and status <> 0 and status = any($2::smallint[]) and not withdrawn
                and (state = 1 or pending_kind <> 0))
           select holder_id as "agencyId", count(*) as deliveries, min(sent_at) as "oldestSentAt"
             from open
            group by holder_id
            order by deliveries desc, holder_id
            limit $3`,
    values: [holderIds, OPEN_STATUSES, limit],
  });
