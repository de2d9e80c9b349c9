import { plainArray, type Tx } from '@lienthong/kit';
import type { ClaimedDelivery } from './queue.ts';

/** One attempt, and what follows from it. */
export interface AttemptRecord {
  claimed: ClaimedDelivery;
  at: Date;
  durationMs: number;
  status: number;
  answer: string;
  delivered: boolean;
  /** When the next attempt is due; undefined when the event was delivered or is given up. */
  nextAt: Date | undefined;
  /** The id of the loss that is declared in place of an event that is given up. */
  lossId: string | undefined;
}

/** Adds the attempts to the history, in the order they ended. */
export function insertAttempts(tx: Tx, records: readonly AttemptRecord[]): void {
  tx.send({
    name: 'webhook_insert_attempts',
    text: `insert into webhook_attempt (webhook_id, event_id, type, subject, number, at, duration_ms, status, answer,
                                        delivered, next_at)
           select webhook_id, event_id, type, subject, number, at, duration_ms, status, answer, delivered, next_at
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::int[],
                         $8::int[], $9::text[], $10::boolean[], $11::timestamptz[]) with ordinality
                  as a (webhook_id, event_id, type, subject, number, at, duration_ms, status, answer, delivered,
                        next_at, n)
            order by n`,
    values: [
      plainArray(records.map((r) => r.claimed.webhook_id)),
      plainArray(records.map((r) => r.claimed.event_id)),
      records.map((r) => r.claimed.type),
      records.map((r) => r.claimed.subject),
      plainArray(records.map((r) => r.claimed.attempts)),
      plainArray(records.map((r) => r.at.toISOString())),
      plainArray(records.map((r) => r.durationMs)),
      plainArray(records.map((r) => r.status)),
      records.map((r) => r.answer),
      records.map((r) => r.delivered),
      records.map((r) => r.nextAt?.toISOString() ?? null),
    ],
  });
}

/**
 * Deletes what was delivered, even if another process has claimed it meanwhile. A delivery whose resend was requested
 * while it was being sent stays, and starts again.
 */
export function finishDelivered(tx: Tx, claimed: readonly ClaimedDelivery[]): void {
  if (claimed.length === 0) return;
  const values = keys(claimed);
  const which = `from unnest($1::uuid[], $2::bigint[], $3::uuid[]) as k (webhook_id, position, event_id)
                where d.webhook_id = k.webhook_id and d.position = k.position and d.event_id = k.event_id`;
  tx.send({
    name: 'webhook_begin_again',
    text: `update webhook_delivery d
              set again = false, resend = true, attempts = 0, leased = false, next_at = null ${which} and d.again`,
    values,
  });
  tx.send({
    name: 'webhook_finish',
    // A delivery that starts again is no longer leased.
    text: `delete from webhook_delivery d using unnest($1::uuid[], $2::bigint[], $3::uuid[])
                  as k (webhook_id, position, event_id)
            where d.webhook_id = k.webhook_id and d.position = k.position and d.event_id = k.event_id and d.leased`,
    values,
  });
}

/** Sets the next attempt, unless another process claimed the delivery after the lease ended: then that process does. */
export function postpone(tx: Tx, records: readonly AttemptRecord[]): void {
  if (records.length === 0) return;
  tx.send({
    name: 'webhook_postpone',
    text: `update webhook_delivery d set next_at = k.next_at, leased = false, again = false
             from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::int[], $5::timestamptz[])
                  as k (webhook_id, position, event_id, attempts, next_at)
            where d.webhook_id = k.webhook_id and d.position = k.position and d.event_id = k.event_id
              and d.attempts = k.attempts and d.leased`,
    values: [
      ...keys(records.map((r) => r.claimed)),
      plainArray(records.map((r) => r.claimed.attempts)),
      records.map((r) => r.nextAt?.toISOString() ?? null),
    ],
  });
}

/**
 * Makes due what waits for its next attempt. The attempt that is brought forward is not counted: a receiver that comes
 * and goes must not use up the attempts of days in minutes.
 */
export function makeDueNow(tx: Tx, webhookIds: readonly string[], now: Date): void {
  if (webhookIds.length === 0) return;
  tx.send({
    name: 'webhook_make_due_now',
    text: `update webhook_delivery set next_at = $2, attempts = greatest(attempts - 1, 0)
            where webhook_id = any($1::uuid[]) and next_at > $2 and not leased`,
    values: [plainArray(webhookIds), now.toISOString()],
  });
}

/** Replaces each event that is given up by a loss. */
export function giveUp(tx: Tx, records: readonly AttemptRecord[], now: Date): void {
  if (records.length === 0) return;
  tx.send({
    name: 'webhook_give_up',
    text: `update webhook_delivery d
              set event_id = k.loss_id, type = 'lienthong.feed.v1.EventsLost', attempts = 0, next_at = $6,
                  leased = false, resend = false, again = false, lost_count = 1, first_position = d.position,
                  lost_reason = 'GIVEN_UP'
             from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::int[], $5::uuid[])
                  as k (webhook_id, position, event_id, attempts, loss_id)
            where d.webhook_id = k.webhook_id and d.position = k.position and d.event_id = k.event_id
              and d.attempts = k.attempts and d.leased`,
    values: [
      ...keys(records.map((r) => r.claimed)),
      plainArray(records.map((r) => r.claimed.attempts)),
      plainArray(records.map((r) => r.lossId ?? '')),
      now.toISOString(),
    ],
  });
}

const keys = (claimed: readonly ClaimedDelivery[]): unknown[] => [
  plainArray(claimed.map((c) => c.webhook_id)),
  plainArray(claimed.map((c) => c.position)),
  plainArray(claimed.map((c) => c.event_id)),
];
