import { plainArray, type Tx } from '@lienthong/kit';
import type { Claimed } from './queue.ts';

/** How one attempt went. */
export interface Settled {
  claimed: Claimed;
  at: Date;
  durationMs: number;
  status: number;
  answer: string;
  delivered: boolean;
  /** When it comes again; undefined when it was delivered or is given up. */
  nextAt: Date | undefined;
  /** Of one that is given up: the id of the loss declared in its place. */
  lossId: string | undefined;
}

/** Every attempt, in the order it ended. */
export function insertAttempts(tx: Tx, settled: readonly Settled[]): void {
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
      plainArray(settled.map((s) => s.claimed.webhook_id)),
      plainArray(settled.map((s) => s.claimed.event_id)),
      settled.map((s) => s.claimed.type),
      settled.map((s) => s.claimed.subject),
      plainArray(settled.map((s) => s.claimed.attempts)),
      plainArray(settled.map((s) => s.at.toISOString())),
      plainArray(settled.map((s) => s.durationMs)),
      plainArray(settled.map((s) => s.status)),
      settled.map((s) => s.answer),
      settled.map((s) => s.delivered),
      settled.map((s) => s.nextAt?.toISOString() ?? null),
    ],
  });
}

/** What was delivered goes, whoever took it meanwhile; what was asked for again while it was sent begins anew. */
export function finishDelivered(tx: Tx, claimed: readonly Claimed[]): void {
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
    // One that has just begun anew is not leased.
    text: `delete from webhook_delivery d using unnest($1::uuid[], $2::bigint[], $3::uuid[])
                  as k (webhook_id, position, event_id)
            where d.webhook_id = k.webhook_id and d.position = k.position and d.event_id = k.event_id and d.leased`,
    values,
  });
}

/** Only if nobody took it again after the lease ended: then it is that one's to settle. */
export function postpone(tx: Tx, settled: readonly Settled[]): void {
  if (settled.length === 0) return;
  tx.send({
    name: 'webhook_postpone',
    text: `update webhook_delivery d set next_at = k.next_at, leased = false, again = false
             from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::int[], $5::timestamptz[])
                  as k (webhook_id, position, event_id, attempts, next_at)
            where d.webhook_id = k.webhook_id and d.position = k.position and d.event_id = k.event_id
              and d.attempts = k.attempts and d.leased`,
    values: [
      ...keys(settled.map((s) => s.claimed)),
      plainArray(settled.map((s) => s.claimed.attempts)),
      settled.map((s) => s.nextAt?.toISOString() ?? null),
    ],
  });
}

/**
 * What is not being sent and has a time, has it now. The attempt that is brought forward is not counted: a receiver that
 * comes and goes must not use up the attempts of days in minutes.
 */
export function tryNow(tx: Tx, webhookIds: readonly string[], now: Date): void {
  if (webhookIds.length === 0) return;
  tx.send({
    name: 'webhook_try_now',
    text: `update webhook_delivery set next_at = $2, attempts = greatest(attempts - 1, 0)
            where webhook_id = any($1::uuid[]) and next_at > $2 and not leased`,
    values: [plainArray(webhookIds), now.toISOString()],
  });
}

/** In the place of an event that is given up stands the loss that says so. */
export function giveUp(tx: Tx, settled: readonly Settled[], now: Date): void {
  if (settled.length === 0) return;
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
      ...keys(settled.map((s) => s.claimed)),
      plainArray(settled.map((s) => s.claimed.attempts)),
      plainArray(settled.map((s) => s.lossId ?? '')),
      now.toISOString(),
    ],
  });
}

const keys = (claimed: readonly Claimed[]): unknown[] => [
  plainArray(claimed.map((c) => c.webhook_id)),
  plainArray(claimed.map((c) => c.position)),
  plainArray(claimed.map((c) => c.event_id)),
];
