import { type Language, NotificationState, Priority } from '@lienthong/contracts/notification';
import { plainArray, type Tx } from '@lienthong/kit';
import type { RecipientKind } from '../domain/recipients.ts';
import type { DIGEST_TOPIC, KnownChannel, KnownTopic, Values } from '../domain/topics.ts';

const { PENDING, SENT } = NotificationState;

/** A message that belongs to this sender until its lease ends. */
export interface ClaimedRow {
  id: string;
  recipient_kind: RecipientKind;
  recipient_id: string;
  agency_id: string | null;
  topic: KnownTopic | typeof DIGEST_TOPIC;
  priority: Priority;
  language: Language;
  content: Values;
  template_key: string;
  quiet: boolean;
  attempts: number;
  failures: number;
  round: number;
}

/**
 * Claims up to `limit` due messages of a channel, urgent ones first, then by due time; of one recipient only the first, so
 * that they arrive in order. An attempt is recorded before it is made: one whose process died has no answer. A lease goes
 * by the database's clock, which all processes share. Index notification_to_send finds due messages per priority,
 * notification_in_turn finds earlier messages of the same recipient.
 *
 * `channel + 0` keeps the planner from reading the whole queue for the earlier messages: in a table that was never
 * analyzed it believes that the queue is as short as the recipient's rows.
 *
 * The statements of this file have no names: a plan prepared while the queue was empty reads the whole queue for every
 * row, which gave 90 mails/s instead of 500; planning costs a millisecond a batch.
 */
export const claimDue = (
  tx: Tx,
  claim: { channel: KnownChannel; now: Date; limit: number; leaseSeconds: number; lease: string },
) =>
  tx.query<ClaimedRow>({
    text: `with due as (
             select d.id
               from unnest(array[${Priority.URGENT}, ${Priority.NORMAL}, ${Priority.LOW}]::smallint[]) as p (priority)
              cross join lateral (
                select n.id from notification n
                 where n.channel = $1 and n.priority = p.priority and n.state = ${PENDING} and not n.digest
                   and n.due_at <= $2 and (n.leased_until is null or n.leased_until < now())
                   and not exists (
                     select 1 from notification e
                      where e.recipient_id = n.recipient_id and e.channel + 0 = $1 and e.state = ${PENDING} and not e.digest
                        and (e.n < n.n and e.priority >= n.priority or e.priority > n.priority)
                        and (e.due_at <= $2 or e.attempts > 0) and e.recipient_kind = n.recipient_kind)
                 order by n.due_at, n.n limit $3
                   for update skip locked) d
              limit $3),
           claimed as (
             update notification n
                set leased_until = now() + make_interval(secs => $4), lease = $5, attempts = attempts + 1, receipt = null
               from due where n.id = due.id
             returning n.id, n.recipient_kind, n.recipient_id, n.agency_id, n.topic, n.priority, n.language, n.content,
                       n.template_key, n.quiet, n.attempts, n.failures, n.round),
           noted as (
             insert into attempt (notification_id, number, at) select id, attempts, $2 from claimed)
           select * from claimed`,
    values: [claim.channel, claim.now.toISOString(), claim.limit, claim.leaseSeconds, claim.lease],
  });

/** One attempt, and the message after it. */
export interface AttemptRecord {
  id: string;
  /** The number of the attempt; 0: the message was postponed without an attempt. */
  number: number;
  attempts: number;
  state: NotificationState;
  failures: number;
  /** When the next attempt is due; null when there is none. */
  nextAt: Date | null;
  durationMs: number;
  answer: string;
  providerId: string | null;
  templateVersion: number;
}

/**
 * Records the results of claimed messages, unless another sender has claimed them meanwhile. It locks a message before
 * its attempts, as receipts do.
 */
export function recordAttempts(tx: Tx, lease: string, records: readonly AttemptRecord[]): void {
  if (records.length === 0) return;
  const ids = plainArray(records.map((one) => one.id));
  const next = records.map((one) => one.nextAt?.toISOString() ?? null);
  tx.send({
    text: `update notification n
              set state = case when s.state = ${SENT} then coalesce(n.receipt, ${SENT}) else s.state end, attempts = s.attempts,
                  failures = s.failures, due_at = coalesce(s.next_at, n.due_at),
                  template_version = case when s.version > 0 then s.version else n.template_version end,
                  lease = null, leased_until = null
             from unnest($1::uuid[], $2::smallint[], $3::int[], $4::int[], $5::timestamptz[], $6::int[])
                  as s (id, state, attempts, failures, next_at, version)
            where n.id = s.id and n.lease = $7 and n.state = ${PENDING}`,
    values: [
      ids,
      plainArray(records.map((one) => one.state)),
      plainArray(records.map((one) => one.attempts)),
      plainArray(records.map((one) => one.failures)),
      next,
      plainArray(records.map((one) => one.templateVersion)),
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
      plainArray(records.map((one) => one.number)),
      plainArray(records.map((one) => one.durationMs)),
      records.map((one) => one.state === SENT),
      records.map((one) => one.answer),
      next,
      records.map((one) => one.providerId),
    ],
  });
}

/** Deletes recorded attempts that were not made. */
export function deleteAttempts(tx: Tx, attempts: readonly { id: string; number: number }[]): void {
  if (attempts.length === 0) return;
  tx.send({
    text: `delete from attempt a using unnest($1::uuid[], $2::int[]) as t (id, number)
            where a.notification_id = t.id and a.number = t.number`,
    values: [plainArray(attempts.map((t) => t.id)), plainArray(attempts.map((t) => t.number))],
  });
}
