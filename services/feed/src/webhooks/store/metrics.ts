import { WebhookState } from '@lienthong/contracts/feed';
import type { Reader } from '@lienthong/kit';
import { DOWN_AFTER } from '../domain/retry.ts';

export interface QueueRow {
  waiting: number;
  due: number;
  /** When the oldest of them became due. */
  oldest: Date | null;
  down: number;
  suspended: number;
}

/** The numbers behind the gauges. Index webhook_delivery_due finds due deliveries. */
export async function readQueue(reader: Reader, now: Date): Promise<QueueRow> {
  const [row] = await reader.query<QueueRow>({
    name: 'webhook_queue',
    text: `select (select count(*) from webhook_delivery) as waiting, d.due, d.oldest,
                  (select count(*) from webhook where state = $2 and failures >= $4) as down,
                  (select count(*) from webhook where state = $3) as suspended
             from (select count(*) as due, min(d.next_at) as oldest
                     from webhook w join webhook_delivery d on d.webhook_id = w.id
                    where w.state = $2 and d.next_at <= $1 and not d.leased) d`,
    values: [now.toISOString(), WebhookState.ACTIVE, WebhookState.SUSPENDED, DOWN_AFTER],
  });
  return row as QueueRow;
}
