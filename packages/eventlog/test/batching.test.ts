import { success } from '@lienthong/kit';
import { type TestStack, testStack } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NewEvent } from '../src/index.ts';
import { type Child, killChildren, startChild } from './child.ts';
import { expectVersions, expectWhole, readLog, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { growCall, tallyModel, template } from './tally.ts';

let stack: TestStack;
let one: Fixture;

beforeAll(async () => {
  stack = await testStack({ template });
  one = await tallyProcess(stack);
});
afterAll(async () => {
  await killChildren();
  await one.stop();
  await stack.close();
});

const tallies = (n: number) => Array.from({ length: n }, () => crypto.randomUUID());
const eventsOf = async (...of: string[]) => (await readLog(one)).filter((e) => of.includes(e.tally));
const reasons = (results: PromiseSettledResult<number>[]) =>
  results.map((r) => (r.status === 'fulfilled' ? r.value : (r.reason.refusal?.reason ?? r.reason.message)));

/** How many transactions wrote these tallies' events. */
async function transactions(...of: string[]): Promise<number> {
  const [row] = await one.db.query<{ n: number }>({
    text: 'select count(distinct xmin::text) as n from event where aggregate_id = any($1)',
    values: [of],
  });
  return row?.n ?? 0;
}

test('commands that arrive together share a transaction, and each sees the ones before it', async () => {
  const [a, b] = tallies(2) as [string, string];
  const replies = await Promise.all([1, 2, 3, 4].map((n) => one.grow({ tally: n % 2 ? a : b, events: n })));
  expect(replies).toEqual([1, 2, 4, 6]);
  expect(await transactions(a, b)).toBe(1);
  expectVersions(await eventsOf(a, b));
});

test('a refused command does not fail its neighbours', async () => {
  const of = tallies(6);
  const results = await Promise.allSettled(
    of.map((tally, i) => one.grow({ tally, ...(i % 2 ? { limit: 0 } : {}) })),
  );
  expect(reasons(results)).toEqual([1, 'FULL', 1, 'FULL', 1, 'FULL']);
  expect(await eventsOf(...of)).toHaveLength(3);
  expect(await transactions(...of)).toBe(1);
});

test('a command that the database refuses fails alone', async () => {
  const of = tallies(5);
  const results = await Promise.allSettled(
    of.map((tally, i) => one.grow({ tally, events: i === 2 ? 1_001 : 1 })),
  );
  expect(reasons(results)).toEqual([1, 1, expect.stringContaining('tally_bounded'), 1, 1]);
  expect((await eventsOf(...of)).map((e) => e.tally).sort()).toEqual(of.filter((_, i) => i !== 2).sort());
});

test('a command whose decision throws fails alone', async () => {
  const of = tallies(5);
  const results = await Promise.allSettled(
    of.map((tally, i) => one.grow({ tally, events: i === 2 ? 0 : 1 })),
  );
  expect(reasons(results)).toEqual([1, 1, 'a tally only grows', 1, 1]);
  expect(await eventsOf(...of)).toHaveLength(4);
});

test('a command that fails after its decision leaves nothing, alone and with neighbours', async () => {
  const half = await tallyProcess(stack, {
    ...tallyModel,
    evolve(state, change) {
      if (change.n === 2) throw new Error('half-way');
      return tallyModel.evolve(state, change);
    },
  });
  const [alone, with1, with2] = tallies(3) as [string, string, string];
  await expect(half.grow({ tally: alone, events: 2 })).rejects.toThrow('half-way');
  const results = await Promise.allSettled([
    half.grow({ tally: with1, events: 2 }),
    half.grow({ tally: with2, events: 1 }),
  ]);
  expect(reasons(results)).toEqual(['half-way', 1]);
  expect(await eventsOf(alone, with1, with2)).toMatchObject([{ tally: with2 }]);
  await half.stop();
});

test('a reply that cannot be encoded leaves nothing: otherwise a retry would apply the command twice', async () => {
  const [tally] = tallies(1) as [string];
  const call = growCall({ tally }, crypto.randomUUID());
  const encode = () => {
    throw new Error('no such reply');
  };
  const broken = { ...call, replyCodec: { ...call.replyCodec, encode } };
  await expect(one.bus.execute(broken)).rejects.toThrow('no such reply');
  expect(await eventsOf(tally)).toEqual([]);
  expect((await one.bus.execute(call)).effectiveOn).toBe('1');
});

test('the log refuses an event too large for the broker, without failing its neighbours', async () => {
  const big = await tallyProcess(stack, {
    ...tallyModel,
    decide(command, state) {
      const decision = tallyModel.decide(command, state);
      if (!decision.ok || !command.limit) return decision;
      const payload = { officer: undefined, effectiveOn: 'x'.repeat(command.limit) };
      const events = decision.value.events.map((e) => ({ ...e, payload }) as NewEvent);
      return success({ ...decision.value, events });
    },
  });
  const of = tallies(3);
  const results = await Promise.allSettled(
    of.map((tally, i) => big.grow({ tally, ...(i === 1 ? { limit: 1_000_001 } : { limit: 990_000 }) })),
  );
  expect(reasons(results)).toEqual([1, 'EVENT_TOO_LARGE', 1]);
  expect(await eventsOf(...of)).toHaveLength(2);
  await big.stop();
});

test('the log refuses an event without a valid subject', async () => {
  const lost = await tallyProcess(stack, {
    ...tallyModel,
    decide(command, state) {
      const decision = tallyModel.decide(command, state);
      if (!decision.ok) return decision;
      const events = decision.value.events.map((e) => ({ ...e, agencyCode: 'H61 29542' }));
      return success({ ...decision.value, events });
    },
  });
  const [tally] = tallies(1) as [string];
  await expect(lost.grow({ tally })).rejects.toThrow('cannot be published to the subject');
  expect(await eventsOf(tally)).toEqual([]);
  await lost.stop();
});

test('writers of the same tallies in two processes: version order is position order', async () => {
  const two: Child = await startChild(stack);
  const [a, b] = tallies(2) as [string, string];
  await one.start('relay');
  await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      (i % 2 ? one : two).grow({ tally: i % 4 < 2 ? a : b, events: 1 + (i % 3) }),
    ),
  );
  await waitUntilCaughtUp(one, []);
  await expectWhole(one, stack);
  const events = await eventsOf(a, b);
  expect(events.length).toBeGreaterThan(200);
});
