import { randomUUID } from 'node:crypto';
import { WebhookServiceDefinition, WebhookState } from '@lienthong/contracts/feed';
import { type Database, uuidv7 } from '@lienthong/kit';
import { rpcClient } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { closeGate, type Hold } from './support/gate.ts';
import { type FeedProcess, spawnFeed } from './support/process.ts';
import { openReceiver, type Receiver } from './support/receiver.ts';
import {
  endLeases,
  FAST,
  leaderOf,
  rounds,
  SHORT_LEASE,
  sequence,
  subjects,
  until,
  type WebhookClient,
} from './support/webhooks.ts';
import { happened, openWorld, type World } from './support/world.ts';

/**
 * The process that delivers is killed (SIGKILL) at each step of its work; the next one takes over. After each step:
 * nothing is lost, each subject in order, an event always under one webhook-id, and what was recorded as delivered is not
 * sent again.
 */
const STATUS = 'lienthong.routing.v1.DeliveryStatusReported';
const LOST = 'lienthong.feed.v1.EventsLost';

let world: World;
let db: Database;
let feed: FeedProcess;
const spawn = () => spawnFeed(world, { ...FAST, ...SHORT_LEASE, WEBHOOK_RETRY_SECONDS: '0.02,0.05,0.1' });

/** Starts the next process, after the one before it was killed. */
async function start(): Promise<FeedProcess> {
  await endLeases(db);
  return spawn();
}
beforeAll(async () => {
  world = await openWorld({ processes: 0 });
  ({ db } = world);
  feed = await spawn();
});
afterAll(async () => {
  await feed.kill();
  await world.stop();
});

/** An agency with a webhook, and its receiver, which checks every signature. */
async function hooked(script: Receiver['script'] = () => 200) {
  const agency = uuidv7();
  let secret: string | undefined;
  const receiver = await openReceiver(() => secret);
  onTestFinished(() => receiver.close());
  receiver.script = script;
  const token = await world.issuer.issue(leaderOf(agency));
  const call = async <T>(run: (client: WebhookClient) => Promise<T>): Promise<T> => {
    const client = rpcClient(feed.address, WebhookServiceDefinition, token);
    return run(client).finally(client.close);
  };
  const created = await call((client) =>
    client.createWebhook({ requestId: randomUUID(), url: receiver.url, types: [STATUS] }),
  );
  secret = created.secret;
  const id = created.webhook?.id ?? '';
  onTestFinished(async () => {
    await call((client) => client.deleteWebhook({ requestId: randomUUID(), webhookId: id }));
  });
  const versions = new Map<string, number>();
  const publish = (ids: readonly string[]) =>
    world.publish(
      ...ids.map((deliveryId) => {
        const version = (versions.get(deliveryId) ?? 0) + 1;
        versions.set(deliveryId, version);
        const payload = { deliveryId, senderId: agency, holderId: agency, status: 1 };
        return happened(STATUS, payload, { aggregateId: deliveryId, version });
      }),
    );
  const pending = async () => {
    const { webhook } = await call((client) => client.getWebhook({ webhookId: id }));
    return Number(webhook?.pending);
  };
  /** The ids recorded as delivered. */
  const recorded = async () => {
    const rows = await db.query<{ event_id: string }>({
      text: 'select event_id from webhook_attempt where webhook_id = $1 and delivered',
      values: [id],
    });
    return new Set(rows.map((row) => row.event_id));
  };
  return { id, receiver, call, publish, pending, recorded };
}
type Hooked = Awaited<ReturnType<typeof hooked>>;

/** Every event of the subjects, first taken in order; an event that arrived more than once has the same id each time. */
function expectWhole({ receiver }: Hooked, ids: readonly string[], each: number): void {
  for (const one of ids) {
    const own = receiver.taken.filter(
      ({ subject, type }) => subject === `delivery/${one}` && type === STATUS,
    );
    const first = own.filter((e, i) => own.findIndex(({ id }) => id === e.id) === i);
    expect(first.map((e) => e.sequence)).toEqual(sequence(each));
  }
  for (const event of receiver.all) expect(event.headers['webhook-id']).toBe(event.id);
}

const twice = (all: readonly { id: string }[]): string[] => [
  ...new Set(all.filter(({ id }, i) => all.findIndex((one) => one.id === id) !== i).map(({ id }) => id)),
];

/** Only what was taken before the kill and not recorded arrives again; afterwards deliveries continue. */
async function expectCarriedOn(hook: Hooked, ids: readonly string[], owed: readonly string[]): Promise<void> {
  const { receiver } = hook;
  await until(async () => {
    expectWhole(hook, ids, 3);
    expect(await hook.pending()).toBe(0);
  });
  expect(twice(receiver.taken).sort()).toEqual([...owed].sort());
  await hook.publish(ids);
  await until(async () => {
    expectWhole(hook, ids, 4);
    expect(await hook.pending()).toBe(0);
  });
  expect(twice(receiver.taken).sort()).toEqual([...owed].sort());
}

/** Fails the second event of the first subject that arrives, until the returned function is called. */
function failing(answer: number) {
  let bad: string | undefined;
  const state = { broken: true };
  const script: Receiver['script'] = ({ subject, sequence: n }) => {
    bad ??= subject;
    return state.broken && subject === bad && n === 2 ? answer : 200;
  };
  return { state, script };
}

/** The steps that end with a commit. `webhook_id` is that of the test's webhook. */
const COMMITS: readonly { step: string; hold: Hold; fails?: true }[] = [
  {
    step: 'recording the events of a source',
    hold: { table: 'feed_event', on: 'insert', when: `new.type = '${STATUS}'` },
  },
  {
    step: 'giving the events their deliveries',
    hold: { table: 'webhook_delivery', on: 'insert', when: 'true' },
  },
  {
    step: 'taking deliveries on lease and noting the attempt',
    hold: { table: 'webhook_delivery', on: 'update', when: 'new.leased and not old.leased' },
  },
  {
    step: 'recording that they were delivered',
    hold: { table: 'webhook_attempt', on: 'insert', when: 'new.delivered' },
  },
  {
    step: 'recording that one failed and when it comes again',
    hold: { table: 'webhook_attempt', on: 'insert', when: 'not new.delivered' },
    fails: true,
  },
];

test.each(
  COMMITS.flatMap((one) => [
    { ...one, ending: 'undone' as const },
    { ...one, ending: 'kept' as const },
  ]),
)('killed at the commit of $step; the commit is $ending', async ({ hold, fails, ending }) => {
  const { state, script } = failing(500);
  const hook = await hooked(fails ? script : undefined);
  const ids = subjects(4);
  const gate = await closeGate(db, hold);
  await hook.publish(rounds(ids, 3));
  await gate.reached();
  await feed.kill();
  await gate.open(ending);
  const recorded = await hook.recorded();
  const owed = hook.receiver.taken.map(({ id }) => id).filter((id) => !recorded.has(id));
  if (hold.table === 'webhook_attempt' && !fails)
    expect(owed.length < hook.receiver.taken.length).toBe(ending === 'kept');
  state.broken = false;
  feed = await start();
  await expectCarriedOn(hook, ids, owed);
});

test.each([1, 3, 6])('killed as the receiver has request %i, before it answers', async (n) => {
  let killed: Promise<void> | undefined;
  const hook = await hooked(async () => {
    if (hook.receiver.all.length === n) killed ??= feed.kill();
    await killed;
    return 200;
  });
  const ids = subjects(4);
  await hook.publish(rounds(ids, 3));
  await until(() => expect(killed).toBeDefined());
  await killed;
  const recorded = await hook.recorded();
  await until(() => expect(hook.receiver.all.every((one) => one.status !== undefined)).toBe(true));
  const owed = hook.receiver.taken.map(({ id }) => id).filter((id) => !recorded.has(id));
  expect(owed).not.toEqual([]);
  feed = await start();
  await expectCarriedOn(hook, ids, owed);
});

test.each([
  {
    step: 'giving an event up',
    when: "new.lost_reason = 'GIVEN_UP' and old.lost_reason is null",
    on: 'update',
  },
  {
    step: 'recording that a loss was delivered',
    when: `new.delivered and new.type = '${LOST}'`,
    on: 'insert',
  },
] as const)('killed at the commit of $step: it is declared lost, in its place', async ({ on, when }) => {
  for (const ending of ['undone', 'kept'] as const) {
    const { script } = failing(500);
    const hook = await hooked(script);
    const [one] = subjects(1) as [string];
    const table = on === 'update' ? 'webhook_delivery' : 'webhook_attempt';
    const gate = await closeGate(db, { table, on, when });
    await hook.publish([one, one, one]);
    await gate.reached();
    await feed.kill();
    await gate.open(ending);
    const recorded = await hook.recorded();
    const owed = hook.receiver.taken.map(({ id }) => id).filter((id) => !recorded.has(id));
    feed = await start();
    await until(async () => {
      expect(await hook.pending()).toBe(0);
      const taken = hook.receiver.taken.filter((e, i, all) => all.findIndex(({ id }) => id === e.id) === i);
      expect(taken.map(({ type, sequence: n }) => [type, n])).toEqual([
        [STATUS, 1],
        [LOST, 0],
        [STATUS, 3],
      ]);
    });
    expect(hook.receiver.taken.find(({ type }) => type === LOST)?.data).toMatchObject({
      subject: `delivery/${one}`,
      count: 1,
      reason: 'GIVEN_UP',
    });
    expect(twice(hook.receiver.taken).sort()).toEqual(owed.sort());
  }
});

test.each(['undone', 'kept'] as const)(
  'killed at the commit of suspending, which is %s: suspended once, and goes on when resumed',
  async (ending) => {
    const { state, script } = failing(410);
    const hook = await hooked(script);
    const ids = subjects(1);
    const gate = await closeGate(db, {
      table: 'webhook',
      on: 'update',
      when: 'new.state = 3 and old.state = 1',
    });
    await hook.publish(rounds(ids, 3));
    await gate.reached();
    await feed.kill();
    await gate.open(ending);
    feed = await start();
    const stateOf = () => hook.call((client) => client.getWebhook({ webhookId: hook.id }));
    await until(async () => expect((await stateOf()).webhook?.state).toBe(WebhookState.SUSPENDED));
    const events = await db.query({
      text: `select from event where aggregate_id = $1 and type = 'lienthong.feed.v1.WebhookSuspended'`,
      values: [hook.id],
    });
    expect(events).toHaveLength(1);
    state.broken = false;
    await hook.call((client) => client.resumeWebhook({ requestId: randomUUID(), webhookId: hook.id }));
    await expectCarriedOn(hook, ids, []);
  },
);

test.each(['undone', 'kept'] as const)(
  'killed at the commit of ResendSince, which is %s: called again with its request_id, all is resent once',
  async (ending) => {
    const hook = await hooked();
    const ids = subjects(3);
    const since = new Date();
    await hook.publish(rounds(ids, 3));
    await until(async () => {
      expect(hook.receiver.taken).toHaveLength(9);
      expect(await hook.pending()).toBe(0);
    });
    const request = { requestId: randomUUID(), webhookId: hook.id, since };
    const when = 'new.resend_until > old.resend_until';
    const gate = await closeGate(db, { table: 'webhook', on: 'update', when });
    const refused = expect(hook.call((client) => client.resendSince(request))).rejects.toThrow('UNAVAILABLE');
    await gate.reached();
    await feed.kill();
    await refused;
    await gate.open(ending);
    feed = await start();
    expect(await hook.call((client) => client.resendSince(request))).toEqual({ events: 9 });
    await until(async () => {
      expect(hook.receiver.taken).toHaveLength(18);
      expect(await hook.pending()).toBe(0);
    });
    for (const one of ids) {
      const own = hook.receiver.taken.filter(({ subject }) => subject === `delivery/${one}`);
      expect(own.map((e) => e.sequence)).toEqual([...sequence(3), ...sequence(3)]);
      expect(own.map((e) => e.resend)).toEqual([...Array(3).fill(false), ...Array(3).fill(true)]);
    }
  },
);
