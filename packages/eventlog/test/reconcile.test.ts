import { decodeEvent } from '@lienthong/contracts/events';
import { createLog } from '@lienthong/kit';
import { EVENT_KEYS, type TestStack, testDatabase, testStack } from '@lienthong/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isNeeded, planReconciliation, type ReconcileDeps, reconcile } from '../src/index.ts';
import { copyDatabase, type DatabaseCopy } from './database-copy.ts';
import { expectWhole, readApplied, readLog, readStreamIds, stream, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { template } from './tally.ts';

/**
 * Ten events, a backup, ten more. Consumers apply them in the same database (`seen`) and in another one (`ahead`). Then
 * PostgreSQL, NATS or both go back in time.
 */
let stack: TestStack;
let backup: DatabaseCopy;
let elsewhere: Awaited<ReturnType<typeof testDatabase>>;
/** The service that follows the events from its own database. */
let other: Fixture;
const processes: Fixture[] = [];
const tally = crypto.randomUUID();

beforeEach(async () => {
  stack = await testStack({ template });
  elsewhere = await testDatabase({ template });
  const one = await openProcess(stack.databaseUrl, 'seen');
  other = await openProcess(elsewhere.databaseUrl, 'ahead');
  await one.start();
  await other.start('consumer ahead');
  await one.grow({ tally, events: 10 });
  await waitUntilCaughtUp(one, ['seen']);
  await stop(one);
  backup = await copyDatabase(stack);
  const later = await openProcess(stack.databaseUrl, 'seen');
  await later.start();
  await later.grow({ tally, events: 10 });
  await waitUntilCaughtUp(later, ['seen']);
  await expect.poll(() => readApplied(other, 'ahead'), { timeout: 10_000 }).toHaveLength(20);
  await stop(later);
  await stop(other);
});
afterEach(async () => {
  for (const one of [...processes]) await stop(one);
  await backup.drop();
  await elsewhere.drop();
  await stack.close();
});

async function openProcess(databaseUrl: string, consumer: string): Promise<Fixture> {
  const process = await tallyProcess({ ...stack, databaseUrl });
  process.consume(consumer);
  processes.push(process);
  return process;
}

async function stop(process: Fixture): Promise<void> {
  processes.splice(processes.indexOf(process), 1);
  await process.stop();
}

/** What the command has, with the databases of a process and of the other service. */
function depsOf(one: Fixture, following?: Fixture): ReconcileDeps {
  return {
    services: [
      { name: 'tally', source: 'directory', db: one.db },
      ...(following ? [{ name: 'other', source: 'registry', db: following.db } as const] : []),
    ],
    nats: one.nats,
    log: createLog('reconcile', 'silent'),
    subjectRoot: stack.natsPrefix,
    env: EVENT_KEYS,
  };
}

const now = new Date('2026-02-03T04:05:06Z');
const neededOf = async (deps: ReconcileDeps) => (await planReconciliation(deps)).filter(isNeeded);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
const deleteStream = async ({ nats }: Fixture) =>
  (await jetstreamManager(nats)).streams.delete(stream(stack));

async function withdrawnIn({ db }: Fixture) {
  const rows = await db.query<{ position: number; payload: Buffer }>({
    text: `select position, payload from event where type = 'lienthong.directory.v1.EventWithdrawn' order by position`,
  });
  return rows.map(({ position, payload }) => {
    const { withdrawal } = decodeEvent('lienthong.directory.v1.EventWithdrawn', payload);
    return { position, eventId: withdrawal?.eventId, version: Number(withdrawal?.aggregateVersion) };
  });
}

test('a database older than the stream: what is lost is withdrawn, and nothing comes in its place', async () => {
  const one = await openProcess(backup.databaseUrl, 'seen');
  const published = await readStreamIds(one, stack);
  const [plan] = await neededOf(depsOf(one));
  expect(plan).toMatchObject({ head: 10, streamEnd: 20, kept: 10, moved: 0, toPublish: 20, ahead: [] });
  expect(plan?.lost.map(({ position, found }) => [position, found?.type])).toEqual(
    range(11, 20).map((position) => [position, 'lienthong.directory.v1.OfficerRelieved']),
  );
  // Planning changes nothing.
  expect(await readLog(one)).toHaveLength(10);
  expect(await readStreamIds(one, stack)).toEqual(published);

  expect(await reconcile(depsOf(one), now)).toHaveLength(1);
  expect(await withdrawnIn(one)).toEqual(
    published.slice(10).map(({ eventId }, n) => ({ position: 11 + n, eventId, version: 11 + n })),
  );
  expect(await neededOf(depsOf(one))).toEqual([]);
  expect(await reconcile(depsOf(one), now)).toEqual([]);

  await one.start();
  expect(await one.grow({ tally })).toBe(11);
  await waitUntilCaughtUp(one, ['seen']);
  expect(await expectWhole(one, stack, ['seen'])).toHaveLength(21);
});

test('a consumer in another database that is ahead gets the withdrawals, and skips and repeats nothing', async () => {
  const one = await openProcess(backup.databaseUrl, 'seen');
  other = await openProcess(elsewhere.databaseUrl, 'ahead');
  const deps = depsOf(one, other);
  const [plan] = await neededOf(deps);
  expect(plan?.ahead).toEqual([{ service: 'other', consumer: 'ahead', position: 20 }]);
  await reconcile(deps, now);
  expect((await withdrawnIn(one)).map(({ version }) => version)).toEqual([
    ...range(11, 20),
    ...range(11, 20),
  ]);

  await one.start();
  await other.start('consumer ahead');
  await one.grow({ tally });
  await waitUntilCaughtUp(one, ['seen']);
  const events = await expectWhole(one, stack, ['seen']);
  expect(events).toHaveLength(31);
  await expect.poll(() => readApplied(other, 'ahead'), { timeout: 10_000 }).toHaveLength(31);
  expect((await readApplied(other, 'ahead')).slice(20)).toEqual(
    events.slice(20).map(({ position, tally: of, version }) => ({ position, tally: of, version })),
  );
});

test.each([3, 10, 15])('%i events from after the restore move behind what is lost', async (count) => {
  const one = await openProcess(backup.databaseUrl, 'seen');
  await one.grow({ tally, events: count });
  const before = (await readLog(one)).slice(10);
  const [plan] = await neededOf(depsOf(one));
  expect(plan).toMatchObject({ head: 10 + count, kept: 10, moved: count, toPublish: 20 + count });
  await reconcile(depsOf(one), now);
  expect((await readLog(one)).slice(20)).toEqual(before.map((event, n) => ({ ...event, position: 21 + n })));
  await one.start();
  await one.grow({ tally });
  await waitUntilCaughtUp(one, ['seen']);
  expect(await expectWhole(one, stack, ['seen'])).toHaveLength(21 + count);
});

test('nothing is changed while a service runs', async () => {
  const one = await openProcess(backup.databaseUrl, 'seen');
  await one.start('relay');
  await expect
    .poll(async () => (await one.log.operations.part.status()).log?.leader, { timeout: 10_000 })
    .toBe(true);
  const admin = await openProcess(backup.databaseUrl, 'seen');
  await expect(reconcile(depsOf(admin), now)).rejects.toThrow('tally is running: stop all services first');
  expect(await readLog(one)).toHaveLength(10);
  expect((await readStreamIds(one, stack)).length).toBe(20);
});

test('interrupted before the stream was made again: the second run withdraws nothing more', async () => {
  const one = await openProcess(backup.databaseUrl, 'seen');
  const failing = { ...depsOf(one), nats: failingDelete(one.nats) };
  await expect(reconcile(failing, now)).rejects.toThrow('cut');
  expect(await withdrawnIn(one)).toHaveLength(10);
  const [plan] = await neededOf(depsOf(one));
  expect(plan).toMatchObject({ head: 20, kept: 20, lost: [], rebuild: true, toPublish: 20 });
  await reconcile(depsOf(one), now);
  expect(await withdrawnIn(one)).toHaveLength(10);
  await one.start();
  await waitUntilCaughtUp(one, ['seen']);
  expect(await expectWhole(one, stack, ['seen'])).toHaveLength(20);
});

/** The connection is cut when the stream is to be deleted. */
const failingDelete = (nats: Fixture['nats']): Fixture['nats'] =>
  new Proxy(nats, {
    get(target, name) {
      if (name === 'request')
        return (subject: string, ...rest: never[]) =>
          subject.includes('STREAM.DELETE')
            ? Promise.reject(new Error('cut'))
            : target.request(subject, ...rest);
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

test.each([
  ['is gone', deleteStream, 20],
  [
    'lost messages in between',
    async ({ nats }: Fixture) => (await jetstreamManager(nats)).streams.deleteMessage(stream(stack), 7),
    20,
  ],
])(
  'a stream that %s is published again from the log, and consumers apply nothing twice',
  async (_, lose, toPublish) => {
    const one = await openProcess(stack.databaseUrl, 'seen');
    other = await openProcess(elsewhere.databaseUrl, 'ahead');
    await lose(one);
    const deps = depsOf(one, other);
    expect(await neededOf(deps)).toMatchObject([{ lost: [], ahead: [], toPublish }]);
    await reconcile(deps, now);
    expect(await neededOf(deps)).toEqual([]);
    expect(await readStreamIds(one, stack)).toHaveLength(20);
    await one.start();
    await other.start('consumer ahead');
    await one.grow({ tally });
    await waitUntilCaughtUp(one, ['seen']);
    expect(await expectWhole(one, stack, ['seen'])).toHaveLength(21);
    await expect.poll(() => readApplied(other, 'ahead'), { timeout: 10_000 }).toHaveLength(21);
  },
);

test('both went back: positions that another database has applied are not used again', async () => {
  const one = await openProcess(backup.databaseUrl, 'seen');
  other = await openProcess(elsewhere.databaseUrl, 'ahead');
  await deleteStream(one);
  const deps = depsOf(one, other);
  const [plan] = await neededOf(deps);
  expect(plan).toMatchObject({ head: 10, streamEnd: 0, kept: 10, toPublish: 30 });
  expect(plan?.lost).toEqual(range(11, 20).map((position) => ({ position, found: undefined })));
  await reconcile(deps, now);
  await one.start();
  await other.start('consumer ahead');
  await one.grow({ tally });
  await waitUntilCaughtUp(one, ['seen']);
  expect(await expectWhole(one, stack, ['seen'])).toHaveLength(31);
  await expect.poll(() => readApplied(other, 'ahead'), { timeout: 10_000 }).toHaveLength(31);
});
