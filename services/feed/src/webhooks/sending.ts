import { randomUUID } from 'node:crypto';
import { WebhookState } from '@lienthong/contracts/feed';
import type { EventLog, NewEvent } from '@lienthong/eventlog';
import type { Clock, Database, Sealer } from '@lienthong/kit';
import { type HttpClient, type HttpResult, oneLine, signWebhook } from '@lienthong/outbound';
import { encodeCursor } from '../domain/cursor.ts';
import { toFeedEvent } from '../rpc/feed-event.ts';
import { type Head, readHead } from '../store/head.ts';
import { EVENT_COLUMNS, type EventRow } from '../store/rows.ts';
import { suspended } from './domain/events.ts';
import { afterAttempt, type HealthRules, isDelivered, nextAttempt } from './domain/health.ts';
import { eventBody, type FeedRecord, lossBody } from './domain/message.ts';
import { DOWN_AFTER } from './domain/retry.ts';
import { signingSecrets } from './sealed.ts';
import { type Claimed, declareForgotten, promote } from './store/queue.ts';
import { finishDelivered, giveUp, insertAttempts, postpone, type Settled, tryNow } from './store/settle.ts';
import { lockWebhooks, readWebhooks, updateWebhooks, type WebhookRow } from './store/webhooks.ts';

export interface SendingParts {
  db: Database;
  clock: Clock;
  events: EventLog;
  sealer: Sealer;
  http: HttpClient;
  rules: HealthRules;
}

/** Characters of a receiver's response that are kept. */
const KEPT_ANSWER = 500;

/** What one delivery sends. */
export interface Letter {
  claimed: Claimed;
  webhook: WebhookRow;
  body: string;
}

/** Reads what was claimed. What is not kept any more is declared lost instead, and comes back as that. */
export async function lettersOf(parts: SendingParts, claimed: readonly Claimed[]): Promise<Letter[]> {
  const { db, clock } = parts;
  const [webhooks, events, head] = await Promise.all([
    readWebhooks(db, [...new Set(claimed.map((c) => c.webhook_id))]),
    readEvents(db, [...new Set(claimed.filter((c) => c.lost_count === null).map((c) => c.position))]),
    readHead(db),
  ]);
  const webhookOf = new Map(webhooks.map((w) => [w.id, w]));
  const eventOf = new Map(events.map((e) => [e.seq, e]));
  const letters: Letter[] = [];
  const forgotten = new Set<string>();
  for (const one of claimed) {
    const webhook = webhookOf.get(one.webhook_id);
    // Deleted meanwhile, its deliveries with it.
    if (webhook === undefined) continue;
    const event = eventOf.get(one.position);
    if (one.lost_count !== null)
      letters.push({ claimed: one, webhook, body: lossOf(one, head, clock.now()) });
    else if (event) letters.push({ claimed: one, webhook, body: eventBody(record(head, event), one.resend) });
    else forgotten.add(webhook.id);
  }
  for (const id of forgotten)
    await db.transaction(async (tx) => {
      const [webhook] = await lockWebhooks(tx, [id]);
      if (webhook) await declareForgotten(tx, id, head.forgotten, clock.now());
    });
  return letters;
}

/** Signs and sends one; never rejects. */
export async function deliver(parts: SendingParts, { claimed, webhook, body }: Letter): Promise<Attempted> {
  const at = parts.clock.now();
  const began = performance.now();
  let result: HttpResult;
  try {
    const { secret: current, previous_secret: previous, previous_until: previousUntil } = webhook;
    const signing = signingSecrets(parts.sealer, webhook.id, { current, previous, previousUntil }, at);
    const headers = {
      ...signWebhook(signing, claimed.event_id, at, body),
      'content-type': 'application/cloudevents+json; charset=utf-8',
    };
    result = await parts.http.send({ url: webhook.url, headers, body });
  } catch (error) {
    // The platform's own fault, such as a sealing key that was taken away: kept where the agency and operators look.
    result = { status: 0, text: `not sent: ${(error as Error).message}`, cause: 'NOT_SENT' };
  }
  return { claimed, url: webhook.url, at, durationMs: Math.round(performance.now() - began), result };
}

export interface Attempted {
  claimed: Claimed;
  /** Where it was sent to. */
  url: string;
  at: Date;
  durationMs: number;
  result: HttpResult;
}

/** Records how a batch of attempts went, in one transaction; only then does what comes after them become due. */
export async function settle(parts: SendingParts, batch: readonly Attempted[]): Promise<void> {
  const { db, clock, events } = parts;
  await db.transaction(async (tx) => {
    const locked = await lockWebhooks(tx, [...new Set(batch.map((a) => a.claimed.webhook_id))]);
    const webhooks = new Map(locked.map((w) => [w.id, w]));
    const now = clock.now();
    const settled: Settled[] = [];
    const back = new Set<string>();
    const said: NewEvent[] = [];
    for (const attempted of batch) {
      const { webhook_id: id } = attempted.claimed;
      const before = webhooks.get(id);
      // Deleted meanwhile.
      if (before === undefined) continue;
      // An address that was replaced meanwhile says nothing about the new one.
      const current = before.url === attempted.url;
      if (current) {
        const after = judge(parts, before, attempted, now);
        webhooks.set(id, after);
        if (after.state !== before.state) said.push(suspended(after));
        if (before.failures >= DOWN_AFTER && after.failures === 0) back.add(id);
      }
      settled.push(settledBy(parts, attempted, now, current));
    }
    if (settled.length === 0) return;
    insertAttempts(tx, settled);
    finishDelivered(
      tx,
      settled.filter((s) => s.delivered).map((s) => s.claimed),
    );
    const failed = settled.filter((s) => !s.delivered);
    postpone(
      tx,
      failed.filter((s) => s.lossId === undefined),
    );
    giveUp(
      tx,
      failed.filter((s) => s.lossId !== undefined),
      now,
    );
    promote(
      tx,
      settled.map(({ claimed }) => ({ webhookId: claimed.webhook_id, subject: claimed.subject })),
      now,
    );
    // Of a receiver that was down and is back, what waited for its own next attempt need not wait.
    tryNow(tx, [...back], now);
    updateWebhooks(tx, [...webhooks.values()]);
    // Last: from here to the commit nobody else appends.
    if (said.length > 0) events.append(tx, said, { agencyId: '', officerId: '' });
  });
  events.appended();
}

function settledBy(
  { rules }: SendingParts,
  { claimed, at, durationMs, result }: Attempted,
  now: Date,
  current: boolean,
): Settled {
  const delivered = isDelivered(result);
  const attempt = { number: claimed.attempts, isLoss: claimed.lost_count !== null };
  const again = current ? nextAttempt(attempt, result, rules.schedule, now, Math.random()) : now;
  const nextAt = delivered ? undefined : again;
  const { status } = result;
  const answer = oneLine(result.text, KEPT_ANSWER);
  const lossId = delivered || nextAt !== undefined ? undefined : randomUUID();
  return { claimed, at, durationMs, status, answer, delivered, nextAt, lossId };
}

/** The webhook after an attempt; suspended when it must be. */
function judge({ rules }: SendingParts, row: WebhookRow, { result }: Attempted, now: Date): WebhookRow {
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

const readEvents = (db: Database, positions: readonly number[]): Promise<EventRow[]> =>
  positions.length === 0
    ? Promise.resolve([])
    : db.query({
        name: 'webhook_events',
        text: `select f.seq, ${EVENT_COLUMNS} from feed_event f where f.seq = any($1::bigint[])`,
        values: [positions],
      });

function record(head: Head, row: EventRow): FeedRecord {
  const event = toFeedEvent(head.id, row);
  return {
    cursor: event.cursor,
    id: event.id,
    source: event.source,
    type: event.type,
    subject: event.subject,
    time: row.occurred_at,
    traceparent: event.traceparent,
    sequence: row.version,
    actor: { agencyId: row.actor_agency_id, officerId: row.actor_officer_id },
    dossierCode: event.dossierCode,
    documentId: event.documentId,
    data: row.payload,
  };
}

const lossOf = (claimed: Claimed, head: Head, time: Date): string =>
  lossBody({
    id: claimed.event_id,
    subject: claimed.subject,
    time,
    count: claimed.lost_count ?? 0,
    firstCursor: encodeCursor(head.id, claimed.first_position ?? claimed.position),
    lastCursor: encodeCursor(head.id, claimed.position),
    reason: claimed.lost_reason ?? '',
  });
