import { randomUUID } from 'node:crypto';
import { plainArray, type Reader, type Tx } from '@lienthong/kit';

/** Declares lost events whose number and subjects are unknown: count 0, subject ''. */
export function insertLoss(tx: Tx, webhookId: string, first: number, last: number): void {
  tx.send({
    name: 'webhook_insert_loss',
    text: `insert into webhook_delivery (webhook_id, position, subject, event_id, type, resend, lost_count,
                                         first_position, lost_reason)
           values ($1, $3, '', $4, 'lienthong.feed.v1.EventsLost', false, 0, $2, 'NOT_KEPT_ANY_MORE')
           on conflict (webhook_id, position) do nothing`,
    values: [webhookId, first, last, randomUUID()],
  });
}

export interface FoundEvent {
  seq: number;
  type: string;
  aggregate_id: string;
}

/** An event of the feed that concerns one of `ids`. */
export async function findEvent(
  reader: Reader,
  eventId: string,
  ids: readonly string[],
): Promise<FoundEvent | undefined> {
  const [row] = await reader.query<FoundEvent>({
    name: 'webhook_find_event',
    text: `select seq, type, aggregate_id from feed_event where event_id = $1 and audience && $2::uuid[]`,
    values: [eventId, plainArray(ids)],
  });
  return row;
}

/** Resends one event, in its place in the order; one that is being sent is resent afterwards. */
export function insertResend(
  tx: Tx,
  webhookId: string,
  event: { position: number; subject: string; eventId: string; type: string },
): void {
  tx.send({
    name: 'webhook_resend_event',
    text: `insert into webhook_delivery as d (webhook_id, position, subject, event_id, type, resend)
           values ($1, $2, $3, $4, $5, true)
           on conflict (webhook_id, position) do update
              set again = d.leased,
                  attempts = case when d.leased then d.attempts else 0 end,
                  next_at = case when d.leased then d.next_at end,
                  event_id = case when d.leased then d.event_id else excluded.event_id end,
                  type = case when d.leased then d.type else excluded.type end,
                  resend = true,
                  lost_count = case when d.leased then d.lost_count end,
                  first_position = case when d.leased then d.first_position end,
                  lost_reason = case when d.leased then d.lost_reason end`,
    values: [webhookId, event.position, event.subject, event.eventId, event.type],
  });
}

/** The first event of `ids` recorded since an instant, up to a position, and how many there are. */
export async function eventsSince(
  reader: Reader,
  ids: readonly string[],
  types: readonly string[],
  since: Date,
  upTo: number,
): Promise<{ first: number | null; count: number }> {
  const [row] = await reader.query<{ first: number | null; count: number }>({
    name: 'webhook_events_since',
    text: `select min(seq) as first, count(*) as count
             from (select distinct e.seq from feed_entry e join feed_event f on f.seq = e.seq
                    where e.agency_id = any($1::uuid[]) and e.seq <= $4 and f.recorded_at >= $3
                      and (cardinality($2::text[]) = 0 or f.type = any($2))) as found`,
    values: [plainArray(ids), types, since.toISOString(), upTo],
  });
  return row ?? { first: null, count: 0 };
}

/**
 * Deletes the deliveries from a position on, so that `fill` inserts them again in order. Two kinds stay: what is being
 * sent is resent afterwards, and losses of events that are not kept any more remain.
 */
export function takeBack(tx: Tx, webhookId: string, from: number): void {
  tx.send({
    name: 'webhook_again_from',
    text: `update webhook_delivery set again = true
            where webhook_id = $1 and position >= $2 and leased and lost_count is null`,
    values: [webhookId, from],
  });
  tx.send({
    name: 'webhook_take_back',
    text: `delete from webhook_delivery
            where webhook_id = $1 and position >= $2 and not leased
              and (lost_reason is null or lost_reason = 'GIVEN_UP')`,
    values: [webhookId, from],
  });
}

/** Gives waiting deliveries all their attempts again, and makes the first of each subject due. */
export function retryAll(tx: Tx, webhookId: string, now: Date): void {
  tx.send({
    name: 'webhook_retry_all',
    text: `update webhook_delivery set attempts = 0, next_at = $2
            where webhook_id = $1 and next_at is not null and not leased`,
    values: [webhookId, now.toISOString()],
  });
}
