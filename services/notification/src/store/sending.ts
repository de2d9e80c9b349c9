import { type Language, NotificationState, type Priority } from '@lienthong/contracts/notification';
import { plainArray, type Tx } from '@lienthong/kit';
import type { RecipientKind } from '../domain/recipients.ts';
import type { KnownChannel, KnownTopic, Values } from '../domain/topics.ts';

/** A message that belongs to this sender until its lease ends. */
export interface ClaimedRow {
  id: string;
  recipient_kind: RecipientKind;
  recipient_id: string;
  agency_id: string | null;
  topic: KnownTopic | 0;
  priority: Priority;
  language: Language;
  content: Values;
  template_key: string;
  quiet: boolean;
  tries: number;
  failures: number;
  round: number;
}

/**
 * Claims up to `limit` due messages of a channel, the urgent first, then by when they were due; of one recipient only
 * the foremost, so that they arrive in order. A try is noted before it is made: one whose process died has no answer.
 * A lease goes by the database's clock, which all processes share. Index notification_to_send finds them per priority,
 * notification_in_turn what comes before in the recipient's row.
 *
 * `channel + 0`: nothing but the recipient's own rows may be walked for what comes before, and of a table that was never
 * analyzed the planner thinks the whole queue is as short.
 *
 * The statements of this file have no names: a plan prepared while the queue was empty walks all of it for every row,
 * 90 mails/s where 500 were asked for; planning costs a millisecond a batch.
 */
export const claimDue = (
  tx: Tx,
  claim: { channel: KnownChannel; now: Date; limit: number; leaseSeconds: number; lease: string },
) =>
  tx.query<ClaimedRow>({
    text: `with due as (
             select d.id
               from unnest(array[3, 2, 1]::smallint[]) as p (priority)
              cross join lateral (
                select n.id from notification n
                 where n.channel = $1 and n.priority = p.priority and n.state = 1 and not n.digest
                   and n.due_at <= $2 and (n.leased_until is null or n.leased_until < now())
                   and not exists (
                     select 1 from notification e
                      where e.recipient_id = n.recipient_id and e.channel + 0 = $1 and e.state = 1 and not e.digest
                        and (e.n < n.n and e.priority >= n.priority or e.priority > n.priority)
                        and (e.due_at <= $2 or e.tries > 0) and e.recipient_kind = n.recipient_kind)
                 order by n.due_at, n.n limit $3
                   for update skip locked) d
              limit $3),
           claimed as (
             update notification n
                set leased_until = now() + make_interval(secs => $4), lease = $5, tries = tries + 1, receipt = null
               from due where n.id = due.id
             returning n.id, n.recipient_kind, n.recipient_id, n.agency_id, n.topic, n.priority, n.language, n.content,
                       n.template_key, n.quiet, n.tries, n.failures, n.round),
           noted as (
             insert into attempt (notification_id, number, at) select id, tries, $2 from claimed)
           select * from claimed`,
    values: [claim.channel, claim.now.toISOString(), claim.limit, claim.leaseSeconds, claim.lease],
  });

/** What is kept of a try. */
export interface Settled {
  id: string;
  /** The try's number; 0: it was none (put off), and is forgotten. */
  number: number;
  tries: number;
  state: NotificationState;
  failures: number;
  /** When it is tried again; null when it is not. */
  nextAt: Date | null;
  durationMs: number;
  answer: string;
  providerId: string | null;
  templateVersion: number;
}

/**
 * Writes what became of claimed messages, unless their lease has gone to somebody else meanwhile. A message is locked
 * before its tries, as receipts do it.
 */
export function settle(tx: Tx, lease: string, settled: readonly Settled[]): void {
  if (settled.length === 0) return;
  const ids = plainArray(settled.map((one) => one.id));
  const next = settled.map((one) => one.nextAt?.toISOString() ?? null);
  tx.send({
    text: `update notification n
              set state = case when s.state = 2 then coalesce(n.receipt, 2) else s.state end, tries = s.tries,
                  failures = s.failures, due_at = coalesce(s.next_at, n.due_at),
                  template_version = case when s.version > 0 then s.version else n.template_version end,
                  lease = null, leased_until = null
             from unnest($1::uuid[], $2::smallint[], $3::int[], $4::int[], $5::timestamptz[], $6::int[])
                  as s (id, state, tries, failures, next_at, version)
            where n.id = s.id and n.lease = $7 and n.state = 1`,
    values: [
      ids,
      plainArray(settled.map((one) => one.state)),
      plainArray(settled.map((one) => one.tries)),
      plainArray(settled.map((one) => one.failures)),
      next,
      plainArray(settled.map((one) => one.templateVersion)),
      lease,
    ],
  });
  tx.send({
    text: `update attempt a
              set duration_ms = s.duration_ms, accepted = s.accepted, answer = s.answer, next_at = s.next_at,
                  provider_id = s.provider_id
             from unnest($1::uuid[], $2::int[], $3::int[], $4::boolean[], $5::text[], $6::timestamptz[], $7::text[])
                  as s (id, number, duration_ms, accepted, answer, next_at, provider_id)
            where a.notification_id = s.id and a.number = s.number`,
    values: [
      ids,
      plainArray(settled.map((one) => one.number)),
      plainArray(settled.map((one) => one.durationMs)),
      settled.map((one) => one.state === NotificationState.SENT),
      settled.map((one) => one.answer),
      next,
      settled.map((one) => one.providerId),
    ],
  });
}

/** Tries that were not made after all. */
export function forgetAttempts(tx: Tx, tries: readonly { id: string; number: number }[]): void {
  if (tries.length === 0) return;
  tx.send({
    text: `delete from attempt a using unnest($1::uuid[], $2::int[]) as t (id, number)
            where a.notification_id = t.id and a.number = t.number`,
    values: [plainArray(tries.map((t) => t.id)), plainArray(tries.map((t) => t.number))],
  });
}
