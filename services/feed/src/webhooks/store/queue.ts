import { WebhookState } from '@lienthong/contracts/feed';
import { plainArray, type Reader, type Tx } from '@lienthong/kit';

/** A delivery that this process sends until its lease ends. */
export interface ClaimedDelivery {
  webhook_id: string;
  position: number;
  subject: string;
  event_id: string;
  type: string;
  attempts: number;
  resend: boolean;
  lost_count: number | null;
  first_position: number | null;
  lost_reason: string | null;
}

export interface SubjectKey {
  webhookId: string;
  subject: string;
}

/** The ids of webhooks with events after their cursor; `readers` are the ids whose events each webhook carries. */
export async function findBehind(
  reader: Reader,
  readers: readonly { webhookId: string; id: string }[],
): Promise<string[]> {
  const rows = await reader.query<{ id: string }>({
    name: 'webhook_behind',
    text: `select distinct w.id
             from unnest($1::uuid[], $2::uuid[]) as r (webhook_id, agency_id)
             join webhook w on w.id = r.webhook_id
            where exists (select from feed_entry e where e.agency_id = r.agency_id and e.seq > w.cursor)`,
    values: [plainArray(readers.map((r) => r.webhookId)), plainArray(readers.map((r) => r.id))],
  });
  return rows.map(({ id }) => id);
}

export interface EventKey {
  seq: number;
  event_id: string | null;
  type: string;
  aggregate_id: string;
}

/** The next events of some ids after a position, without payloads; an event of another type has only its `seq`. */
export const readKeys = (
  reader: Reader,
  ids: readonly string[],
  after: number,
  types: readonly string[],
  limit: number,
): Promise<EventKey[]> =>
  reader.query({
    name: 'webhook_event_keys',
    text: `with scanned as (
             select own.seq
               from unnest($1::uuid[]) as reader (id)
              cross join lateral (select e.seq from feed_entry e
                                   where e.agency_id = reader.id and e.seq > $2 order by e.seq limit $4) as own
              group by own.seq order by own.seq limit $4)
           select s.seq, f.event_id, f.type, f.aggregate_id
             from scanned s
             left join feed_event f on f.seq = s.seq and (cardinality($3::text[]) = 0 or f.type = any($3))
            order by s.seq`,
    values: [plainArray(ids), after, types, limit],
  });

export interface NewDelivery {
  position: number;
  subject: string;
  eventId: string;
  type: string;
  resend: boolean;
}

/** New deliveries wait until `promote` finds them to be the first of their subjects. */
export function insertDeliveries(tx: Tx, webhookId: string, rows: readonly NewDelivery[]): void {
  if (rows.length === 0) return;
  tx.send({
    name: 'webhook_insert_deliveries',
    text: `insert into webhook_delivery (webhook_id, position, subject, event_id, type, resend)
           select $1, position, subject, event_id, type, resend
             from unnest($2::bigint[], $3::text[], $4::uuid[], $5::text[], $6::boolean[])
                  as d (position, subject, event_id, type, resend)
               on conflict (webhook_id, position) do nothing`,
    values: [
      webhookId,
      plainArray(rows.map((d) => d.position)),
      rows.map((d) => d.subject),
      plainArray(rows.map((d) => d.eventId)),
      rows.map((d) => d.type),
      rows.map((d) => d.resend),
    ],
  });
}

/** Makes the first delivery of each subject due; those behind it wait. While one is being sent, the others wait. */
export function promote(tx: Tx, keys: readonly SubjectKey[], now: Date): void {
  if (keys.length === 0) return;
  const values = [keys.map((k) => k.webhookId), keys.map((k) => k.subject)];
  // Index webhook_delivery_first: mostly one row of a subject.
  tx.send({
    name: 'webhook_demote',
    text: `update webhook_delivery d set next_at = null
             from (select distinct * from unnest($1::uuid[], $2::text[]) as k (webhook_id, subject)) k
            where d.webhook_id = k.webhook_id and d.subject = k.subject and d.next_at is not null and not d.leased
              and exists (select from webhook_delivery b
                           where b.webhook_id = d.webhook_id and b.subject = d.subject and b.position < d.position)`,
    values,
  });
  tx.send({
    name: 'webhook_promote',
    // Materialized: without statistics the planner would look for the first ones again for each waiting delivery.
    text: `with first as materialized (
             select k.webhook_id, k.subject, b.position
               from (select distinct * from unnest($1::uuid[], $2::text[]) as k (webhook_id, subject)) k
              cross join lateral (select position from webhook_delivery b
                                   where b.webhook_id = k.webhook_id and b.subject = k.subject
                                   order by b.position limit 1) as b)
           update webhook_delivery d set next_at = $3
             from first
            where d.webhook_id = first.webhook_id and d.position = first.position and d.next_at is null
              and not exists (select from webhook_delivery l
                               where l.webhook_id = first.webhook_id and l.subject = first.subject
                                 and l.next_at is not null and l.leased)`,
    values: [...values, now.toISOString()],
  });
}

export interface ClaimLimits {
  now: Date;
  /** A delivery without a recorded attempt by then is sent again. */
  leaseUntil: Date;
  /** Deliveries of one webhook that are sent at once; one if its receiver counts as down. */
  perWebhook: number;
  downAfter: number;
  total: number;
}

/**
 * Claims due deliveries, at most `perWebhook` of each webhook. Webhooks that another process has locked are skipped. The
 * last condition is evaluated again on a row that changed meanwhile, so that two processes never claim the same one.
 */
export const claim = (reader: Reader, c: ClaimLimits): Promise<ClaimedDelivery[]> =>
  reader.query({
    name: 'webhook_claim',
    text: `with locked as materialized (
             select w.id, case when w.failures >= $4 then 1 else $3::int end as most, w.failures >= $4 as down
               from webhook w
              where w.state = ${WebhookState.ACTIVE} and (w.rest_until is null or w.rest_until <= $1)
                and exists (select from webhook_delivery d where d.webhook_id = w.id and d.next_at <= $1)
              order by random() limit 64 for update skip locked),
           picked as (
             select w.id, d.position
               from locked w
              cross join lateral (
                select d.position from webhook_delivery d
                 where d.webhook_id = w.id and d.next_at <= $1
                 -- The delivery with the fewest attempts: its failure is the least likely to be its own fault.
                 order by case when w.down then d.attempts else 0 end, d.next_at, d.position
                 limit greatest(0, w.most - (select count(*) from webhook_delivery l
                                              where l.webhook_id = w.id and l.next_at > $1 and l.leased))) as d
              limit $5)
           update webhook_delivery d set attempts = d.attempts + 1, leased = true, next_at = $2
             from picked p
            where d.webhook_id = p.id and d.position = p.position and d.next_at <= $1
           returning d.webhook_id, d.position, d.subject, d.event_id, d.type, d.attempts, d.resend, d.lost_count,
                     d.first_position, d.lost_reason`,
    values: [c.now.toISOString(), c.leaseUntil.toISOString(), c.perWebhook, c.downAfter, c.total],
  });

/** Replaces events that are not kept any more by one loss per subject. The caller holds the webhook's lock. */
export async function declareForgotten(
  tx: Tx,
  webhookId: string,
  forgotten: number,
  now: Date,
): Promise<void> {
  const rows = await tx.query<{ subject: string }>({
    name: 'webhook_declare_forgotten',
    text: `with gone as (
             delete from webhook_delivery
              where webhook_id = $1 and position <= $2 and lost_count is null
             returning position, subject)
           insert into webhook_delivery (webhook_id, position, subject, event_id, type, resend, lost_count,
                                         first_position, lost_reason)
           select $1, max(position), subject, gen_random_uuid(), 'lienthong.feed.v1.EventsLost', false, count(*),
                  min(position), 'NOT_KEPT_ANY_MORE'
             from gone group by subject
           returning subject`,
    values: [webhookId, forgotten],
  });
  promote(
    tx,
    rows.map(({ subject }) => ({ webhookId, subject })),
    now,
  );
}
