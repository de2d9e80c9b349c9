import { Start } from '@lienthong/contracts/feed';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetEvents } from '../src/store/forget.ts';
import { openReceiver, orders, type Receiver } from './support/receiver.ts';
import { type HookWorld, openHookWorld, rounds, subjects, until } from './support/webhooks.ts';
import { issuer, outsider, status } from './support/world.ts';

/** Events that are forgotten before they have deliveries, so that their subjects are unknown. */
const STATUS = 'lienthong.routing.v1.DeliveryStatusReported';
const LOST = 'lienthong.feed.v1.EventsLost';

let world: HookWorld;
let receiver: Receiver;
let id: string;
beforeEach(async () => {
  world = await openHookWorld();
  receiver = await openReceiver();
  ({ id } = await world.create(receiver.url, { types: [STATUS] }));
});
afterEach(async () => {
  await world.stop();
  await receiver.close();
});

const headSeq = async () => {
  const [head] = await world.db.query<{ seq: number }>({ text: 'select seq from feed_head' });
  return head?.seq ?? 0;
};
const recorded = (seq: number) => until(async () => expect(await headSeq()).toBeGreaterThanOrEqual(seq));
const forgetAll = () => world.db.transaction((tx) => forgetEvents(tx, new Date(Date.now() + 60_000), 1_000));
const cursorOf = async (webhookId: string) => {
  const rows = await world.db.query<{ cursor: number }>({
    text: 'select cursor from webhook where id = $1',
    values: [webhookId],
  });
  return rows[0]?.cursor;
};

/** One loss, of no subject and an unknown number. */
async function expectDeclared(): Promise<void> {
  await until(() => expect(receiver.taken.filter(({ type }) => type === LOST)).toHaveLength(1));
  const [loss] = receiver.taken.filter(({ type }) => type === LOST);
  expect(loss).toMatchObject({ subject: '', data: { reason: 'NOT_KEPT_ANY_MORE' } });
  expect(loss?.data.count ?? 0).toBe(0);
  expect([loss?.data.firstCursor, loss?.data.lastCursor]).toEqual([expect.any(String), expect.any(String)]);
}
const expectGoingOn = async () => {
  const ids = subjects(2);
  await world.publishTo(rounds(ids, 2));
  for (const one of ids)
    await until(() => expect(orders(receiver.taken).get(`delivery/${one}`)).toEqual([1, 2]));
  expect(receiver.taken.filter(({ type }) => type === LOST).length).toBeLessThanOrEqual(1);
};

test('events forgotten while no process could take them in are declared lost, then it goes on', async () => {
  await world.db.transaction(async (tx) => {
    await tx.query({ text: 'select id from webhook where id = $1 for update', values: [id] });
    const seq = await headSeq();
    await world.publishTo(subjects(3));
    await recorded(seq + 3);
    expect(await forgetAll()).toBeGreaterThanOrEqual(3);
  });
  await expectDeclared();
  await expectGoingOn();
});

test('they are declared even if no event follows', async () => {
  await until(async () => expect(await cursorOf(id)).toBeGreaterThan(0));
  const seq = await headSeq();
  await world.publishTo(subjects(3));
  await until(() => expect(receiver.taken).toHaveLength(3));
  await until(async () => expect(await world.pending(id)).toBe(0));
  // As if the service had recorded them and then not run for as long as events are kept.
  await world.running().stop();
  await world.db.query({ text: 'update webhook set cursor = $1 where id = $2', values: [seq, id] });
  await forgetAll();
  await world.restart();
  await expectDeclared();
  await expectGoingOn();
});

test('events that were taken back for a resend, and then forgotten, are declared as well', async () => {
  await world.publishTo(subjects(3));
  await until(() => expect(receiver.taken).toHaveLength(3));
  await until(async () => expect(await world.pending(id)).toBe(0));
  await world.running().stop();
  // What ResendSince leaves when its process dies before it has gone on.
  await world.db.query({
    text: 'update webhook set cursor = 0, resend_until = cursor where id = $1',
    values: [id],
  });
  await forgetAll();
  await world.restart();
  await expectDeclared();
  await expectGoingOn();
});

test('events that are forgotten at the moment of filling are declared', async () => {
  const release = Promise.withResolvers<void>();
  const entries = Promise.withResolvers<void>();
  const holding = world.db.transaction(async (tx) => {
    await tx.query({ text: 'select id from webhook where id = $1 for update', values: [id] });
    const seq = await headSeq();
    await world.publishTo(subjects(3));
    await recorded(seq + 3);
    entries.resolve();
    await release.promise;
  });
  // Recording needs the table that is locked below.
  await entries.promise;
  // The webhook's process waits for the row.
  await until(async () => {
    const rows = await world.db.query({
      text: `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    });
    expect(rows).not.toEqual([]);
  });
  const client = await world.db.connect();
  try {
    await client.query('begin');
    await client.query('lock table feed_entry in access exclusive mode');
    release.resolve();
    await holding;
    await until(async () => {
      const { rows } = await client.query(
        `select from pg_locks where relation = 'feed_entry'::regclass and not granted`,
      );
      expect(rows).not.toEqual([]);
    });
    const tx = {
      query: async (sql: { text: string; values?: readonly unknown[] }) =>
        (await client.query(sql.text, [...(sql.values ?? [])])).rows,
      send: () => {},
    };
    expect(await forgetEvents(tx as never, new Date(Date.now() + 60_000), 1_000)).toBeGreaterThanOrEqual(3);
    await client.query('commit');
  } finally {
    await client.end();
  }
  await expectDeclared();
  await expectGoingOn();
});

test('an agency without events has lost nothing: its cursor moves along with the feed', async () => {
  await world.publish(...Array.from({ length: 5 }, () => status(issuer, outsider)));
  // With WebhookCreated, which arrives by itself.
  await recorded(6);
  await world.restart();
  await until(async () => expect(await cursorOf(id)).toBe(await headSeq()));
  await forgetAll();
  await expectGoingOn();
  expect(receiver.taken.filter(({ type }) => type === LOST)).toEqual([]);
});

test('a webhook that begins with the oldest event gets all that is kept', async () => {
  await world.publishTo(subjects(3));
  await until(() => expect(receiver.taken).toHaveLength(3));
  const other = await openReceiver();
  try {
    await world.create(other.url, { types: [STATUS], start: Start.OLDEST });
    await until(() =>
      expect(other.taken.map(({ id: one }) => one).sort()).toEqual(receiver.taken.map((e) => e.id).sort()),
    );
  } finally {
    await other.close();
  }
});
