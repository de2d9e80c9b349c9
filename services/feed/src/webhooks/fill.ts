import type { Clock, Database } from '@lienthong/kit';
import { type AgencyCache, standsForAll } from '@lienthong/reference-data';
import { EVERYBODY } from '../domain/audience.ts';
import { readHead } from '../store/head.ts';
import { subjectOfEvent } from './domain/subject.ts';
import { type EventKey, findBehind, insertDeliveries, promote, readKeys } from './store/queue.ts';
import { insertLoss } from './store/resend.ts';
import { lockWebhooks, updateWebhooks } from './store/webhooks.ts';

const EVENTS_PER_FILL = 500;

export interface FillDeps {
  db: Database;
  clock: Clock;
  agencies: AgencyCache;
}

/** The ids whose events an agency's webhooks carry: the agency, agencies it stands for today, and EVERYBODY. */
export const readersOf = (agencies: AgencyCache, agencyId: string, today: string): readonly string[] => [
  EVERYBODY,
  ...standsForAll(agencies, agencyId, today),
];

export interface FillResult {
  /** How many webhooks there are. */
  webhooks: number;
  more: boolean;
}

/**
 * Inserts the deliveries of the next events of the feed, for webhooks in every state: the subjects of a paused one stay
 * known when the events themselves are not kept any more.
 */
export async function fill({ db, clock, agencies }: FillDeps, today: string): Promise<FillResult> {
  const webhooks = await db.query<{ id: string; agency_id: string }>({
    name: 'webhook_all',
    text: 'select id, agency_id from webhook',
  });
  if (webhooks.length === 0) return { webhooks: 0, more: false };
  await agencies.refresh(db);
  const ids = new Map(webhooks.map((w) => [w.id, readersOf(agencies, w.agency_id, today)]));
  const readers = [...ids].flatMap(([webhookId, all]) => all.map((id) => ({ webhookId, id })));
  const behind = await findBehind(db, readers);
  let more = false;
  for (const id of behind) more = (await fillWebhook({ db, clock }, id, ids.get(id) ?? [])) || more;
  return { webhooks: webhooks.length, more };
}

/**
 * Moves the cursors of webhooks without new events to the head, so that a cursor behind what is forgotten means a loss.
 * A loss is declared at once, not with the next event. Yields 1 after each webhook.
 */
export async function* advanceCursors(
  { db, clock, agencies }: FillDeps,
  today: string,
): AsyncGenerator<number> {
  await agencies.refresh(db);
  const { seq } = await readHead(db);
  const behind = await db.query<{ id: string; agency_id: string }>({
    name: 'webhook_keep_up',
    text: 'select id, agency_id from webhook where cursor < $1',
    values: [seq],
  });
  for (const { id, agency_id: agencyId } of behind) {
    while (await fillWebhook({ db, clock }, id, readersOf(agencies, agencyId, today)));
    yield 1;
  }
}

async function fillWebhook(
  { db, clock }: Pick<FillDeps, 'db' | 'clock'>,
  webhookId: string,
  readers: readonly string[],
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [webhook] = await lockWebhooks(tx, [webhookId]);
    if (webhook === undefined) return false;
    // The head is read first, so the keys reach at least as far; `forgotten` is read last, so no event is forgotten
    // between the two reads without being noticed.
    const [head, keys, { forgotten }] = await Promise.all([
      readHead(tx),
      readKeys(tx, readers, webhook.cursor, webhook.types, EVENTS_PER_FILL),
      readHead(tx),
    ]);
    const now = clock.now();
    // Events were forgotten before they had deliveries, so their subjects are unknown. This includes events to resend:
    // some of them may never have been delivered.
    const gap = forgotten > webhook.cursor;
    if (gap) insertLoss(tx, webhookId, webhook.cursor + 1, forgotten);
    const wanted = keys.filter((key): key is EventKey & { event_id: string } => key.event_id !== null);
    const deliveries = wanted.map((key) => ({
      position: key.seq,
      subject: subjectOfEvent(key.type, key.aggregate_id),
      eventId: key.event_id,
      type: key.type,
      resend: key.seq <= webhook.resend_until,
    }));
    insertDeliveries(tx, webhookId, deliveries);
    const subjects = [...new Set([...deliveries.map((d) => d.subject), ...(gap ? [''] : [])])];
    promote(
      tx,
      subjects.map((subject) => ({ webhookId, subject })),
      now,
    );
    const full = keys.length === EVENTS_PER_FILL;
    const cursor = Math.max(keys.at(-1)?.seq ?? webhook.cursor, full ? forgotten : head.seq);
    updateWebhooks(tx, [{ ...webhook, cursor }]);
    return full;
  });
}
