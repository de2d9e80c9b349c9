import { randomUUID } from 'node:crypto';
import { WebhookState } from '@lienthong/contracts/feed';
import type { EventLog, NewEvent } from '@lienthong/eventlog';
import type { Clock, Database } from '@lienthong/kit';
import { oneLine } from '@lienthong/outbound';
import type { DeliveryAttempt } from './deliver.ts';
import { toWebhookSuspended } from './domain/events.ts';
import { afterAttempt, type HealthRules, isDelivered, nextAttempt } from './domain/health.ts';
import { DOWN_AFTER } from './domain/retry.ts';
import {
  type AttemptRecord,
  finishDelivered,
  giveUp,
  insertAttempts,
  makeDueNow,
  postpone,
} from './store/after-attempt.ts';
import { promote } from './store/queue.ts';
import { lockWebhooks, updateWebhooks, type WebhookRow } from './store/webhooks.ts';

export interface RecordDeps {
  db: Database;
  clock: Clock;
  events: EventLog;
  rules: HealthRules;
}

/** Characters of a receiver's response that are kept. */
const KEPT_ANSWER = 500;

/** Records a batch of attempts in one transaction; only then do later events of their subjects become due. */
export async function recordAttempts(deps: RecordDeps, batch: readonly DeliveryAttempt[]): Promise<void> {
  const { db, clock, events } = deps;
  await db.transaction(async (tx) => {
    const locked = await lockWebhooks(tx, [...new Set(batch.map((a) => a.claimed.webhook_id))]);
    const webhooks = new Map(locked.map((w) => [w.id, w]));
    const now = clock.now();
    const records: AttemptRecord[] = [];
    const recovered = new Set<string>();
    const newEvents: NewEvent[] = [];
    for (const attempt of batch) {
      const { webhook_id: id } = attempt.claimed;
      const before = webhooks.get(id);
      // The webhook was deleted meanwhile.
      if (before === undefined) continue;
      // The address was replaced meanwhile: the result does not count for the new one, which gets the event now.
      if (before.url !== attempt.url) {
        records.push(toRecord(attempt, now));
        continue;
      }
      const after = updateHealth(deps, before, attempt, now);
      webhooks.set(id, after);
      if (after.state !== before.state) newEvents.push(toWebhookSuspended(after));
      if (before.failures >= DOWN_AFTER && after.failures === 0) recovered.add(id);
      records.push(toRecord(attempt, nextAttemptAt(deps, after, attempt, now)));
    }
    if (records.length === 0) return;
    insertAttempts(tx, records);
    finishDelivered(
      tx,
      records.filter((r) => r.delivered).map((r) => r.claimed),
    );
    const failed = records.filter((r) => !r.delivered);
    postpone(
      tx,
      failed.filter((r) => r.lossId === undefined),
    );
    giveUp(
      tx,
      failed.filter((r) => r.lossId !== undefined),
      now,
    );
    promote(
      tx,
      records.map(({ claimed }) => ({ webhookId: claimed.webhook_id, subject: claimed.subject })),
      now,
    );
    // A receiver that was down has recovered: what waits for its next attempt is sent now.
    makeDueNow(tx, [...recovered], now);
    updateWebhooks(tx, [...webhooks.values()]);
    // Last: from here to the commit no other transaction appends.
    if (newEvents.length > 0) events.append(tx, newEvents, { agencyId: '', officerId: '' });
  });
}

/** When the next attempt of an event would be due; undefined when it would be given up. */
const nextAttemptAt = (
  { rules }: RecordDeps,
  { failing_since: failingSince }: WebhookRow,
  { claimed, result }: DeliveryAttempt,
  now: Date,
): Date | undefined =>
  nextAttempt(
    { number: claimed.attempts, isLoss: claimed.lost_count !== null },
    result,
    rules,
    failingSince,
    now,
    Math.random(),
  );

/** @param retryAt of an event that was not delivered; undefined: it is given up */
function toRecord(
  { claimed, at, durationMs, result }: DeliveryAttempt,
  retryAt: Date | undefined,
): AttemptRecord {
  const delivered = isDelivered(result);
  const nextAt = delivered ? undefined : retryAt;
  const { status } = result;
  const answer = oneLine(result.text, KEPT_ANSWER);
  const lossId = delivered || nextAt !== undefined ? undefined : randomUUID();
  return { claimed, at, durationMs, status, answer, delivered, nextAt, lossId };
}

/** The webhook after an attempt; suspended when the rules require it. */
function updateHealth(
  { rules }: RecordDeps,
  row: WebhookRow,
  { result }: DeliveryAttempt,
  now: Date,
): WebhookRow {
  const { health, suspend } = afterAttempt(
    {
      failures: row.failures,
      failingSince: row.failing_since ?? undefined,
      lastSuccessAt: row.last_success_at ?? undefined,
      lastError: row.last_error,
      restUntil: row.rest_until ?? undefined,
    },
    { ...result, text: oneLine(result.text, KEPT_ANSWER) },
    rules,
    now,
    Math.random(),
  );
  const after: WebhookRow = {
    ...row,
    failures: health.failures,
    failing_since: health.failingSince ?? null,
    last_success_at: health.lastSuccessAt ?? null,
    last_error: health.lastError,
    rest_until: health.restUntil ?? null,
  };
  if (!suspend || row.state !== WebhookState.ACTIVE) return after;
  return { ...after, state: WebhookState.SUSPENDED, version: row.version + 1 };
}
