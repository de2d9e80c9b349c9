import { isUniqueViolation } from '@lienthong/kit';
import { type TestStack, testStack } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NewEvent, Received } from '../src/index.ts';
import { readSequenced, sequence } from '../src/relay/sequence.ts';
import { expectWhole, readLog, settled } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { alice, grown, template } from './tally.ts';

let stack: TestStack;
let one: Fixture;

beforeEach(async () => {
  stack = await testStack({ template });
  one = await tallyProcess(stack);
});
afterEach(async () => {
  await one.stop();
  await stack.close();
});

const backlog = (n: number) =>
  one.db.transaction(async (tx) => {
    one.log.append(
      tx,
      Array.from({ length: n }, () => grown(crypto.randomUUID(), 1)),
      alice,
    );
  });

test('an event that commits late with a lower id comes in the next round', async () => {
  await one.start('relay');
  const [late, early] = [crypto.randomUUID(), crypto.randomUUID()];
  await one.db.transaction(async (tx) => {
    one.log.append(tx, [grown(late, 1)], alice);
    await tx.query({ text: 'select 1' });
    await one.grow({ tally: early });
    await vi.waitFor(async () => expect(await readLog(one)).toMatchObject([{ tally: early, position: 1 }]));
    await settled(one, []);
  });
  await settled(one, []);
  const [first, second] = await expectWhole(one, stack);
  expect([first?.tally, second?.tally]).toEqual([early, late]);
  expect(second?.id).toBeLessThan(first?.id as number);
});

test('a backlog of 20,000 is numbered and published in bounded rounds', async () => {
  await backlog(20_000);
  await one.start('relay');
  await settled(one, [], 60_000);
  expect(await expectWhole(one, stack)).toHaveLength(20_000);
  // The row's xmin is the transaction that numbered it.
  const [row] = await one.db.query<{ most: number }>({
    text: 'select max(n) as most from (select count(*) as n from event group by xmin::text) as round',
  });
  expect(row?.most).toBe(1_000);
});

test('rounds of numbering and of reading again are bounded in count and bytes', async () => {
  await backlog(20);
  const leader = await one.db.connect();
  const [first] = await sequence(leader, 0, 1, 1_000_000);
  const size = first?.payload.length as number;
  const numbered = [];
  for (let last = 1; last < 20; last += numbered.at(-1) as number) {
    numbered.push((await sequence(leader, last, 100, 4 * size)).length);
  }
  expect(numbered).toEqual([4, 4, 4, 4, 3]);
  const positions = async (from: number, limit: number, bytes: number) =>
    (await readSequenced(leader, from, limit, bytes)).map((e) => e.position);
  expect(await positions(5, 3, 1_000_000)).toEqual([5, 6, 7]);
  expect(await positions(5, 100, 2 * size)).toEqual([5, 6]);
  // One that is too large by itself still goes.
  expect(await positions(5, 100, 1)).toEqual([5]);
  await leader.end();
});

test('a sequencer that was overtaken is refused', async () => {
  await backlog(2);
  const [leader, zombie] = await Promise.all([one.db.connect(), one.db.connect()]);
  expect(await sequence(leader, 0, 1, 1_000_000)).toHaveLength(1);
  expect(isUniqueViolation(await sequence(zombie, 0, 1, 1_000_000).catch((error) => error))).toBe(true);
  expect((await readLog(one)).map((e) => e.position)).toEqual([1, null]);
  await Promise.all([leader.end(), zombie.end()]);
});

test('many large payloads of one round arrive as they were written', async () => {
  const tallies = Array.from({ length: 300 }, () => crypto.randomUUID());
  const content = (tally: string) => tally.repeat(200);
  await one.db.transaction(async (tx) => {
    const events = tallies.map((tally) => ({
      ...grown(tally, 1),
      payload: { officer: undefined, effectiveOn: content(tally) },
    }));
    one.log.append(tx, events as NewEvent[], alice);
  });
  const arrived = new Map<string, string>();
  one.log.consumer({
    name: 'content',
    source: 'directory',
    types: ['lienthong.directory.v1.OfficerRelieved'],
    handle(_, events: readonly Received<'lienthong.directory.v1.OfficerRelieved'>[]) {
      for (const { envelope, payload } of events) arrived.set(envelope.aggregateId, payload.effectiveOn);
    },
  });
  await one.start();
  await vi.waitFor(() => expect(arrived.size).toBe(300), 20_000);
  for (const tally of tallies) expect(arrived.get(tally)).toBe(content(tally));
});
