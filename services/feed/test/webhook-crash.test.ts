import { childProcesses } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReceiver, orders, type Receiver } from './support/receiver.ts';
import {
  endLeases,
  type HookWorld,
  openHookWorld,
  rounds,
  SHORT_LEASE,
  sequence,
  subjects,
  until,
} from './support/webhooks.ts';

/** A process dies (SIGKILL) while it sends; another one goes on. */
let world: HookWorld;
let receiver: Receiver;
const children = childProcesses(new URL('../src/service.ts', import.meta.url), 'feed');
beforeEach(async () => {
  world = await openHookWorld(SHORT_LEASE);
  receiver = await openReceiver();
});
afterEach(async () => {
  await children.killAll();
  await world.stop();
  await receiver.close();
});

const types = ['lienthong.routing.v1.DeliveryStatusReported'];

/** Nothing lost, in order; what came twice came under the same id. */
async function expectWhole(ids: readonly string[], each: number): Promise<void> {
  await until(() => expect(new Set(receiver.taken.map((one) => one.id)).size).toBe(ids.length * each));
  for (const one of ids) {
    const own = receiver.taken.filter(({ subject }) => subject === `delivery/${one}`);
    const first = own.filter((e, i) => own.findIndex(({ id }) => id === e.id) === i);
    expect(first.map((e) => e.sequence)).toEqual(sequence(each));
    for (const event of own) expect(event.headers['webhook-id']).toBe(event.id);
  }
}

test('two processes share the work: every event once, one of a subject at a time', async () => {
  await children.start(world);
  receiver.script = () => new Promise((done) => setTimeout(() => done(200), 10));
  const { id } = await world.create(receiver.url, { types });
  const ids = subjects(10);
  await world.publishTo(rounds(ids, 6));
  await until(async () => {
    expect(receiver.taken).toHaveLength(60);
    expect(await world.pending(id)).toBe(0);
  });
  for (const one of ids) expect(orders(receiver.all).get(`delivery/${one}`)).toEqual(sequence(6));
  expect(receiver.most.subject).toBe(1);
});

test('killed after the receiver took an event, before the attempt was recorded: sent again under the same id, nothing lost', async () => {
  const ids = subjects(4);
  const { id } = await world.create(receiver.url, { types });
  await world.hooks.pauseWebhook({ requestId: crypto.randomUUID(), webhookId: id });
  await world.publishTo(rounds(ids, 3));
  await until(async () => expect(await world.pending(id)).toBe(12));
  await world.running().stop();

  const child = await children.start(world);
  // Taken, and the process killed with the answer on its way: nothing of it is recorded.
  let killed: Promise<void> | undefined;
  receiver.script = async () => {
    killed ??= children.kill(child);
    await killed;
    return 200;
  };
  await world.db.query({ text: 'update webhook set state = 1 where id = $1', values: [id] });
  await until(() => expect(receiver.taken.length).toBeGreaterThan(0));
  const before = receiver.taken.map((one) => one.id);
  receiver.script = () => 200;
  await endLeases(world.db);
  await children.start(world);
  await expectWhole(ids, 3);
  for (const once of before)
    expect(receiver.taken.filter((one) => one.id === once).length).toBeGreaterThan(1);
});

test('killed again and again in the middle of its work: nothing lost, order kept', async () => {
  const { id } = await world.create(receiver.url, { types });
  const ids = subjects(8);
  await world.running().stop();
  receiver.script = () => new Promise((done) => setTimeout(() => done(200), 20));
  await world.publishTo(rounds(ids, 5));
  for (const more of [1, 4, 9, 12]) {
    const seen = receiver.all.length;
    const child = await children.start(world);
    await until(() => expect(receiver.all.length).toBeGreaterThanOrEqual(seen + more));
    await children.kill(child);
    await endLeases(world.db);
  }
  await children.start(world);
  await expectWhole(ids, 5);
  await until(async () => {
    const rows = await world.db.query({
      text: 'select position from webhook_delivery where webhook_id = $1',
      values: [id],
    });
    expect(rows).toEqual([]);
  });
}, 180_000);
