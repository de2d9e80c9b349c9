import { randomUUID } from 'node:crypto';
import { WebhookState } from '@lienthong/contracts/feed';
import { type ManualClock, manualClock } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SCHEDULE } from '../src/webhooks/domain/retry.ts';
import { openReceiver, orders, type Receiver } from './support/receiver.ts';
import { type HookWorld, openHookWorld, rounds, subjects, until } from './support/webhooks.ts';

/** Outages with the default schedule, on a clock that the test moves. */
const START = Date.parse('2026-01-15T01:00:00Z');
const types = ['lienthong.routing.v1.DeliveryStatusReported'];

let world: HookWorld;
let clock: ManualClock;
let receiver: Receiver;
let seconds: number;
let secret: string | undefined;
beforeEach(async () => {
  seconds = 0;
  secret = undefined;
  clock = manualClock(new Date(START).toISOString());
  const env = { WEBHOOK_RETRY_SECONDS: DEFAULT_SCHEDULE.join(',') };
  world = await openHookWorld(env, clock);
  receiver = await openReceiver(() => secret);
});
afterEach(async () => {
  await world.stop();
  await receiver.close();
});

/** Moves the clock by `more` seconds in steps; at each step due deliveries are sent. */
async function pass(more: number, step: number): Promise<void> {
  for (const end = seconds + more; seconds < end; ) {
    seconds = Math.min(seconds + step, end);
    clock.set(new Date(START + seconds * 1_000).toISOString());
    await becomeIdle();
  }
}
/** Resolves when nothing is being sent and the process has looked for due deliveries. */
async function becomeIdle(): Promise<void> {
  await new Promise((done) => setTimeout(done, 60));
  await until(async () => {
    expect(await world.db.query({ text: 'select from webhook_delivery where leased' })).toEqual([]);
  });
}
const attempts = async () =>
  (await world.db.query({ text: 'select at from webhook_attempt order by id' })).length;

test('down for five minutes: it gets few attempts, and every event in order when it is back', async () => {
  // It compares the time of each signature with its own clock, not with the platform's.
  ({ secret } = await world.create(receiver.url, { types }));
  await receiver.close();
  const ids = subjects(20);
  await world.publishTo(rounds(ids, 3));
  await until(async () => expect(await attempts()).toBeGreaterThanOrEqual(8));
  await pass(300, 5);
  // Eight at once, then one at a time, less and less often: not each of 20 subjects by its own schedule.
  expect(await attempts()).toBeLessThanOrEqual(20);
  await receiver.open();
  await pass(360, 20);
  await until(() => expect(receiver.taken).toHaveLength(60));
  for (const one of ids) expect(orders(receiver.taken).get(`delivery/${one}`)).toEqual([1, 2, 3]);
});

test('once the receiver takes an event again, events that wait for their next attempt are sent at once', async () => {
  await world.create(receiver.url, { types });
  await receiver.close();
  const [one, two, later] = subjects(3) as [string, string, string];
  receiver.script = ({ subject }) => (subject === `delivery/${two}` ? 500 : 200);
  await world.publishTo([one, two]);
  await until(async () => expect(await attempts()).toBe(2));
  // Four times each; their fifth is a quarter of an hour away.
  await pass(240, 5);
  expect(await attempts()).toBe(8);
  await receiver.open();
  await world.publishTo([later]);
  await pass(60, 10);
  await until(() =>
    expect(receiver.taken.map(({ subject }) => subject).sort()).toEqual(
      [one, later].map((id) => `delivery/${id}`).sort(),
    ),
  );
  // The attempt brought forward is not counted: a receiver that comes and goes does not use up the attempts of days.
  await until(async () => {
    const made = await world.db.query<{ number: number }>({
      text: 'select number from webhook_attempt where subject = $1 order by id',
      values: [`delivery/${two}`],
    });
    expect(made.map(({ number }) => number)).toEqual([1, 2, 3, 4, 4]);
  });
});

test('down for a day: suspended 24 hours after the first failure; when it is resumed, nothing is lost', async () => {
  const { id } = await world.create(receiver.url, { types });
  const stateOf = async () => (await world.hooks.getWebhook({ webhookId: id })).webhook?.state;
  await receiver.close();
  const [one] = subjects(1) as [string];
  await world.publishTo([one, one]);
  await until(async () => expect(await attempts()).toBe(1));
  await pass(86_000, 1_000);
  // 5 s, 30 s, 2 min, 15 min, 1 h, 4 h and 12 h apart.
  expect(await attempts()).toBe(8);
  expect(await stateOf()).toBe(WebhookState.ACTIVE);
  await pass(420, 420);
  await until(async () => expect(await attempts()).toBe(9));
  expect(await stateOf()).toBe(WebhookState.SUSPENDED);
  expect(await world.pending(id)).toBe(2);
  await receiver.open();
  await pass(86_400, 43_200);
  expect(receiver.all).toEqual([]);
  await world.hooks.resumeWebhook({ requestId: randomUUID(), webhookId: id });
  await until(() => expect(orders(receiver.taken).get(`delivery/${one}`)).toEqual([1, 2]));
});

test.each([429, 503])(
  '%i with a date in Retry-After: no event of any subject is sent before',
  async (status) => {
    await world.create(receiver.url, { types });
    receiver.script = (_, answer) => {
      if (receiver.all.length > 1) return 200;
      const until = new Date(START + 600_000).toUTCString();
      answer.writeHead(status, { 'retry-after': until }).end();
      return undefined;
    };
    const [one, two] = subjects(2) as [string, string];
    await world.publishTo([one]);
    await until(() => expect(receiver.all).toHaveLength(1));
    await becomeIdle();
    await world.publishTo([two]);
    await pass(595, 35);
    expect(receiver.all).toHaveLength(1);
    await pass(10, 10);
    await until(() => expect(receiver.taken).toHaveLength(2));
  },
);
