import type { Caller, Tx } from '@lienthong/kit';
import { type TestStack, testStack } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ReceivedEventOf } from '../src/index.ts';
import { expectVersions, expectWhole, readApplied, readLog, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { alice, growEvent, template } from './tally.ts';

/** Events whose `<tally> <version>` is here cannot be applied. */
const OPERATOR: Caller = { agencyId: '', officerId: 'quản trị', roles: ['admin'] };
const poison = new Set<string>();
let stack: TestStack;
let one: Fixture;
/** Every event that the handler received. */
let tried: string[];
/** Called before a batch is applied. */
let before: (applied: string[]) => void | Promise<void>;
let bad: string;
let good: string;

beforeEach(async () => {
  stack = await testStack({ template });
  one = await tallyProcess(stack);
  poison.clear();
  tried = [];
  before = () => {};
  [bad, good] = [crypto.randomUUID(), crypto.randomUUID()];
  one.consume('seen', {
    async before(events) {
      const keys = events.map(({ envelope }) => `${envelope.aggregateId} ${envelope.version}`);
      tried.push(...keys);
      await before(keys);
      const found = keys.find((key) => poison.has(key));
      if (found) throw new Error(`cannot apply ${found}`);
    },
  });
});
afterEach(async () => {
  await one.stop();
  await stack.close();
});

const parked = async () =>
  (await one.log.operations.part.parked('seen', undefined, 100)).map((p) => p.position);
const appliedVersions = async (tally: string) =>
  (await readApplied(one, 'seen')).filter((e) => e.tally === tally).map((e) => e.version);
const settledSeen = () => waitUntilCaughtUp(one, ['seen']);

type Relieved = ReceivedEventOf<'lienthong.directory.v1.OfficerRelieved'>;

/** A consumer of one type, as services are. */
const consumeTyped = (take: (events: readonly Relieved[]) => void) =>
  one.log.consumer({
    name: 'typed',
    source: 'directory',
    types: ['lienthong.directory.v1.OfficerRelieved'],
    handle: (_tx: Tx, events: readonly Relieved[]) => take(events),
  });

/** bad 1, good 1, bad 2, good 2, … bad n, good n. */
async function growBoth(n: number): Promise<void> {
  for (let i = 0; i < n; i += 1) {
    await one.grow({ tally: bad });
    await one.grow({ tally: good });
  }
}

test('an event that keeps failing is parked, the later ones of its aggregate behind it, the others go on', async () => {
  poison.add(`${bad} 2`);
  await growBoth(4);
  await one.start();
  await settledSeen();
  expect(await appliedVersions(bad)).toEqual([1]);
  expect(await appliedVersions(good)).toEqual([1, 2, 3, 4]);
  const found = await one.log.operations.part.parked('seen', undefined, 100);
  expect(found).toMatchObject([
    { position: 3, aggregateId: bad, error: `cannot apply ${bad} 2` },
    { position: 5, aggregateId: bad, error: 'waits behind an earlier event of its aggregate' },
    { position: 7, aggregateId: bad, error: 'waits behind an earlier event of its aggregate' },
  ]);
  expect((await one.log.operations.part.status()).consumers).toMatchObject([
    { cursor: 8, lag: 0, parked: 3 },
  ]);
  // In the batch, then three times alone.
  expect(tried.filter((key) => key === `${bad} 2`)).toHaveLength(4);

  await growBoth(1);
  await settledSeen();
  expect(await parked()).toEqual([3, 5, 7, 9]);
});

test('a replay after the cause is fixed applies each event once, in order, and the aggregate goes on', async () => {
  poison.add(`${bad} 2`);
  await growBoth(4);
  await one.start();
  await settledSeen();
  poison.clear();
  expect(await one.log.operations.part.replay('seen', undefined, OPERATOR)).toEqual({
    replayed: 3,
    stillParked: 0,
  });
  await growBoth(2);
  await settledSeen();
  expect(await parked()).toEqual([]);
  for (const tally of [bad, good]) expect(await appliedVersions(tally)).toEqual([1, 2, 3, 4, 5, 6]);
  expectVersions(await readApplied(one, 'seen'));
});

test('a replay of an event that still fails keeps it and the later ones parked, and replays the others', async () => {
  const other = crypto.randomUUID();
  poison.add(`${bad} 2`).add(`${other} 1`);
  await growBoth(3);
  await one.grow({ tally: other, events: 2 });
  await one.start();
  await settledSeen();
  expect(await parked()).toEqual([3, 5, 7, 8]);
  poison.delete(`${other} 1`);
  expect(await one.log.operations.part.replay('seen', undefined, OPERATOR)).toEqual({
    replayed: 2,
    stillParked: 2,
  });
  expect(await parked()).toEqual([3, 5]);
  expect(await appliedVersions(other)).toEqual([1, 2]);
  expect(await one.log.operations.part.replay('seen', bad, OPERATOR)).toEqual({
    replayed: 0,
    stillParked: 2,
  });
  poison.clear();
  poison.add(`${bad} 3`);
  expect(await one.log.operations.part.replay('seen', bad, OPERATOR)).toEqual({
    replayed: 1,
    stillParked: 1,
  });
  expect(await one.log.operations.part.parked('seen', undefined, 100)).toMatchObject([
    { position: 5, error: `cannot apply ${bad} 3` },
  ]);
  poison.clear();
  expect(await one.log.operations.part.replay('seen', bad, OPERATOR)).toEqual({
    replayed: 1,
    stillParked: 0,
  });
  expectVersions(await readApplied(one, 'seen'));
});

test('one aggregate can be replayed alone', async () => {
  poison.add(`${bad} 1`).add(`${good} 1`);
  await growBoth(2);
  await one.start();
  await settledSeen();
  poison.clear();
  expect(await one.log.operations.part.replay('seen', good, OPERATOR)).toEqual({
    replayed: 2,
    stillParked: 2,
  });
  expect(await appliedVersions(bad)).toEqual([]);
  expect(await appliedVersions(good)).toEqual([1, 2]);
});

test('an event that fails for a moment is retried and not parked', async () => {
  poison.add(`${bad} 2`);
  before = (keys) => {
    if (keys.length === 1 && tried.filter((key) => key === `${bad} 2`).length === 4) poison.clear();
  };
  await growBoth(3);
  await one.start();
  await settledSeen();
  expect(await parked()).toEqual([]);
  await expectWhole(one, stack, ['seen']);
});

test('an event of the aggregate that arrives during a replay waits for it', async () => {
  poison.add(`${bad} 1`);
  await one.grow({ tally: bad });
  await one.start();
  await settledSeen();
  poison.clear();
  // The consumer, in one transaction with an event of another tally, has just seen what is parked.
  const [reached, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  before = async (keys) => {
    if (!keys.includes(`${good} 1`)) return;
    reached.resolve();
    await go.promise;
  };
  await one.db.transaction(async (tx) => {
    one.log.append(tx, [growEvent(bad, 2), growEvent(good, 1)], alice);
  });
  await reached.promise;
  const replaying = one.log.operations.part.replay('seen', undefined, OPERATOR);
  const waiting = {
    text: `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  };
  await Promise.race([
    replaying,
    vi.waitFor(async () => expect(await one.db.query(waiting)).toHaveLength(1)),
  ]);
  go.resolve();
  expect(await replaying).toEqual({ replayed: 2, stillParked: 0 });
  await settledSeen();
  expect(await parked()).toEqual([]);
  expectVersions(await readApplied(one, 'seen'));
});

test('two operators who replay at once replay each event once', async () => {
  poison.add(`${bad} 1`);
  await growBoth(10);
  await one.start();
  await settledSeen();
  poison.clear();
  const two = await Promise.all([
    one.log.operations.part.replay('seen', undefined, OPERATOR),
    one.log.operations.part.replay('seen', undefined, OPERATOR),
  ]);
  expect(two.map((r) => r.replayed).reduce((a, b) => a + b)).toBe(10);
  expectVersions(await readApplied(one, 'seen'));
  expect(await appliedVersions(bad)).toHaveLength(10);
});

test('a payload that cannot be decoded is parked by a consumer that reads it; a raw consumer goes on', async () => {
  const read: string[] = [];
  consumeTyped((events) => void read.push(...events.map((e) => e.payload.effectiveOn)));
  await growBoth(2);
  await one.db.query({
    text: `update event set payload = '\\xffffff' where aggregate_id = $1 and version = 1`,
    values: [bad],
  });
  await one.start();
  await waitUntilCaughtUp(one, ['seen', 'typed']);
  expect((await one.log.operations.part.parked('typed', undefined, 100)).map((p) => p.position)).toEqual([
    1, 3,
  ]);
  expect(read.slice(-2)).toEqual(['1', '2']);
  expect(await parked()).toEqual([]);
  await expectWhole(one, stack, ['seen']);
});

test('a consumer skips an event of a type that this version does not know', async () => {
  const read: number[] = [];
  consumeTyped((events) => void read.push(...events.map((e) => e.envelope.position)));
  await growBoth(2);
  await one.db.query({
    text: `update event set type = 'lienthong.directory.v9.Unheard' where position = 1`,
  });
  await one.start();
  await waitUntilCaughtUp(one, ['seen', 'typed']);
  expect(read).toEqual([2, 3, 4]);
  expect(await readApplied(one, 'seen')).toHaveLength((await readLog(one)).length);
});
