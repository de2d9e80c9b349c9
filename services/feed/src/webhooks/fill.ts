import type { Clock, Database } from '@lienthong/kit';
import { type AgencyCache, standsForAll } from '@lienthong/reference-data';
import { EVERYBODY } from '../domain/audience.ts';
import { readHead } from '../store/head.ts';
import { subjectOfEvent } from './domain/subject.ts';
import { type EventKey, findBehind, insertDeliveries, promote, readKeys } from './store/queue.ts';
import { insertLoss } from './store/resend.ts';
import { lockWebhooks, updateWebhooks } from './store/webhooks.ts';

const EVENTS_PER_FILL = 500;

export interface FillParts {
  db: Database;
  clock: Clock;
  agencies: AgencyCache;
}

/** Whose events an agency's webhooks carry: its own, those of agencies it stands for today, and what is for all. */
export const readersOf = (agencies: AgencyCache, agencyId: string, today: string): readonly string[] => [
  EVERYBODY,
  ...standsForAll(agencies, agencyId, today),
];

export interface Filled {
  /** How many webhooks there are. */
  webhooks: number;
  more: boolean;
}

/**
 * Gives the next events of the feed their deliveries, of every webhook in whatever state: a paused one's subjects are
 * known even when the events themselves are not kept any more.
 */
export async function fill({ db, clock, agencies }: FillParts, today: string): Promise<Filled> {
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
  for (const id of behind) more = (await fillOne({ db, clock }, id, ids.get(id) ?? [])) || more;
  return { webhooks: webhooks.length, more };
}

/**
 * Moves the cursors of webhooks nothing happens for along with the head, so that one behind what is forgotten has
 * truly missed something; then it is told so, without waiting for its next event. Yields 1 after each webhook.
 */
export async function* keepUp({ db, clock, agencies }: FillParts, today: string): AsyncGenerator<number> {
  await agencies.refresh(db);
  const { seq } = await readHead(db);
  const behind = await db.query<{ id: string; agency_id: string }>({
    name: 'webhook_keep_up',
    text: 'select id, agency_id from webhook where cursor < $1',
    values: [seq],
  });
  for (const { id, agency_id: agencyId } of behind) {
    while (await fillOne({ db, clock }, id, readersOf(agencies, agencyId, today)));
    yield 1;
  }
}

async function fillOne(
  { db, clock }: Pick<FillParts, 'db' | 'clock'>,
  webhookId: string,
  readers: readonly string[],
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [webhook] = await lockWebhooks(tx, [webhookId]);
    if (webhook === undefined) return false;
    // The head before: what is found after it reaches at least as far. And what is forgotten after: nothing that was
    // looked for is forgotten unseen.
    const [head, keys, { forgotten }] = await Promise.all([
      readHead(tx),
      readKeys(tx, readers, webhook.cursor, webhook.types, EVENTS_PER_FILL),
      readHead(tx),
    ]);
    const now = clock.now();
    // Nobody had filled while events were forgotten: of which subjects cannot be said. Events that were to be sent again
    // are no exception, for some of them may never have been delivered.
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
