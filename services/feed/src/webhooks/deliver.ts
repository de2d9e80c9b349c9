import { type Clock, type Database, type Sealer, systemClock } from '@lienthong/kit';
import { type HttpClient, type HttpResult, signWebhook } from '@lienthong/outbound';
import { encodeCursor } from '../domain/cursor.ts';
import { toFeedEvent } from '../rpc/feed-event.ts';
import { type Head, readHead } from '../store/head.ts';
import { EVENT_COLUMNS, type EventRow } from '../store/rows.ts';
import { eventBody, type FeedRecord, lossBody } from './domain/message.ts';
import { signingSecrets } from './sealed.ts';
import { type ClaimedDelivery, declareForgotten } from './store/queue.ts';
import { lockWebhooks, readWebhooks, type WebhookRow } from './store/webhooks.ts';

export interface DeliverDeps {
  db: Database;
  clock: Clock;
  sealer: Sealer;
  http: HttpClient;
}

/** A claimed delivery with the body that is sent. */
export interface OutgoingMessage {
  claimed: ClaimedDelivery;
  webhook: WebhookRow;
  body: string;
}

/** The messages of claimed deliveries. Events that are not kept any more become losses, which are claimed later. */
export async function readMessages(
  deps: DeliverDeps,
  claimed: readonly ClaimedDelivery[],
): Promise<OutgoingMessage[]> {
  const { db, clock } = deps;
  const [webhooks, events, head] = await Promise.all([
    readWebhooks(db, [...new Set(claimed.map((c) => c.webhook_id))]),
    readEvents(db, [...new Set(claimed.filter((c) => c.lost_count === null).map((c) => c.position))]),
    readHead(db),
  ]);
  const webhookOf = new Map(webhooks.map((w) => [w.id, w]));
  const eventOf = new Map(events.map((e) => [e.seq, e]));
  const messages: OutgoingMessage[] = [];
  const forgotten = new Set<string>();
  for (const one of claimed) {
    const webhook = webhookOf.get(one.webhook_id);
    // The webhook was deleted meanwhile, with its deliveries.
    if (webhook === undefined) continue;
    const event = eventOf.get(one.position);
    if (one.lost_count !== null)
      messages.push({ claimed: one, webhook, body: lossOf(one, head, clock.now()) });
    else if (event)
      messages.push({ claimed: one, webhook, body: eventBody(record(head, event), one.resend) });
    else forgotten.add(webhook.id);
  }
  for (const id of forgotten)
    await db.transaction(async (tx) => {
      const [webhook] = await lockWebhooks(tx, [id]);
      if (webhook) await declareForgotten(tx, id, head.forgotten, clock.now());
    });
  return messages;
}

/** Signs and sends one message; never rejects. */
export async function deliver(
  deps: DeliverDeps,
  { claimed, webhook, body }: OutgoingMessage,
): Promise<DeliveryAttempt> {
  const at = deps.clock.now();
  const startedAt = performance.now();
  let result: HttpResult;
  try {
    const { secret: current, previous_secret: previous, previous_until: previousUntil } = webhook;
    const signing = signingSecrets(deps.sealer, webhook.id, { current, previous, previousUntil }, at);
    const headers = {
      // By real time, which the receiver compares with its own (ADR 60).
      ...signWebhook(signing, claimed.event_id, systemClock.now(), body),
      'content-type': 'application/cloudevents+json; charset=utf-8',
    };
    result = await deps.http.send({ url: webhook.url, headers, body });
  } catch (error) {
    // The platform's own fault, such as a sealing key that was taken away: kept where the agency and operators look.
    result = { status: 0, text: `not sent: ${(error as Error).message}`, cause: 'NOT_SENT' };
  }
  return { claimed, url: webhook.url, at, durationMs: Math.round(performance.now() - startedAt), result };
}

export interface DeliveryAttempt {
  claimed: ClaimedDelivery;
  /** The address that it was sent to. */
  url: string;
  at: Date;
  durationMs: number;
  result: HttpResult;
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

const lossOf = (claimed: ClaimedDelivery, head: Head, time: Date): string =>
  lossBody({
    id: claimed.event_id,
    subject: claimed.subject,
    time,
    count: claimed.lost_count ?? 0,
    firstCursor: encodeCursor(head.id, claimed.first_position ?? claimed.position),
    lastCursor: encodeCursor(head.id, claimed.position),
    reason: claimed.lost_reason ?? '',
  });
