import { type TestStack, testStack } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { killChildren, startChild } from './child.ts';
import { readLog } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { template } from './tally.ts';

let stack: TestStack;
let one: Fixture;
let two: Fixture;

beforeAll(async () => {
  stack = await testStack({ template });
  [one, two] = await Promise.all([tallyProcess(stack), tallyProcess(stack)]);
});
afterAll(async () => {
  await killChildren();
  await Promise.all([one.stop(), two.stop()]);
  await stack.close();
});

const eventsOf = async (tally: string) => (await readLog(one)).filter((e) => e.tally === tally);
const hundred = Array.from({ length: 100 });

/** Runs commands while the tally's row is locked, so that all have looked for replies before any takes the lock. */
async function whileLocked(
  tally: string,
  run: () => Promise<number>[],
): Promise<PromiseSettledResult<number>[]> {
  const replies = await one.db.transaction(async (tx) => {
    await tx.query({ text: 'insert into tally values ($1, 0)', values: [tally] });
    const running = Promise.allSettled(run());
    await vi.waitFor(async () => {
      const waiting = await two.db.query({
        text: `select 1 from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into tally%'`,
      });
      expect(waiting).toHaveLength(2);
    });
    return { running };
  });
  return replies.running;
}

test('a request sent a hundred times at once to one process is carried out once', async () => {
  const tally = crypto.randomUUID();
  const requestId = crypto.randomUUID();
  const replies = await Promise.all(hundred.map(() => one.grow({ tally, events: 3 }, requestId)));
  expect(new Set(replies)).toEqual(new Set([3]));
  expect(await eventsOf(tally)).toHaveLength(3);
});

test('a request sent a hundred times at once to two processes is carried out once', async () => {
  const tally = crypto.randomUUID();
  const requestId = crypto.randomUUID();
  const child = await startChild(stack);
  const replies = await Promise.all(
    hundred.map((_, i) => (i % 2 === 0 ? one : child).grow({ tally, events: 3 }, requestId)),
  );
  expect(new Set(replies)).toEqual(new Set([3]));
  expect(await eventsOf(tally)).toHaveLength(3);
});

test('a hundred repeats, some in another process, get the first reply', async () => {
  const tally = crypto.randomUUID();
  const requestId = crypto.randomUUID();
  for (let i = 0; i < 100; i += 1) {
    expect(await (i % 2 === 0 ? one : two).grow({ tally, events: 3 }, requestId)).toBe(3);
  }
  expect(await eventsOf(tally)).toHaveLength(3);
});

test.each([undefined, 1])(
  'two processes that both found no reply give the same one (limit %s)',
  async (limit) => {
    const tally = crypto.randomUUID();
    const requestId = crypto.randomUUID();
    const command = limit === undefined ? { tally } : { tally, limit };
    // With a limit the second would be refused for what the first, the very same request, has done.
    const replies = await whileLocked(tally, () => [
      one.grow(command, requestId),
      two.grow(command, requestId),
    ]);
    expect(replies).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'fulfilled', value: 1 },
    ]);
    expect(await eventsOf(tally)).toHaveLength(1);
  },
);

test('a retry of a batch does not carry out its other commands twice', async () => {
  const [tally, other] = [crypto.randomUUID(), crypto.randomUUID()];
  const requestId = crypto.randomUUID();
  const replies = await whileLocked(tally, () => [
    one.grow({ tally }, requestId),
    two.grow({ tally }, requestId),
    two.grow({ tally: other }),
  ]);
  expect(replies.map((reply) => reply.status === 'fulfilled' && reply.value)).toEqual([1, 1, 1]);
  expect(await eventsOf(tally)).toHaveLength(1);
  expect(await eventsOf(other)).toHaveLength(1);
});

test('another body under the same request_id is refused: at once, later, and in another process', async () => {
  const tally = crypto.randomUUID();
  const requestId = crypto.randomUUID();
  const first = one.grow({ tally }, requestId);
  const requestIdReused = { refusal: { kind: 'invalid-argument', reason: 'REQUEST_ID_REUSED' } };
  await expect(one.grow({ tally, events: 2 }, requestId)).rejects.toMatchObject(requestIdReused);
  expect(await first).toBe(1);
  await expect(one.grow({ tally, events: 2 }, requestId)).rejects.toMatchObject(requestIdReused);
  await expect(two.grow({ tally, events: 2 }, requestId)).rejects.toMatchObject(requestIdReused);
  expect(await one.grow({ tally }, requestId)).toBe(1);
  expect(await eventsOf(tally)).toHaveLength(1);
});

test('of two bodies under one request_id in two processes at once, one is carried out', async () => {
  const tally = crypto.randomUUID();
  const requestId = crypto.randomUUID();
  const results = await whileLocked(tally, () => [
    one.grow({ tally, events: 1 }, requestId),
    two.grow({ tally, events: 2 }, requestId),
  ]);
  const [done] = results.flatMap((o) => (o.status === 'fulfilled' ? [o.value] : []));
  const refused = results.flatMap((o) => (o.status === 'rejected' ? [o.reason.refusal.reason] : []));
  expect(refused).toEqual(['REQUEST_ID_REUSED']);
  expect(await eventsOf(tally)).toHaveLength(done as number);
});

test('the case of a request_id does not matter', async () => {
  const tally = crypto.randomUUID();
  const requestId = crypto.randomUUID();
  expect(await one.grow({ tally }, requestId.toUpperCase())).toBe(1);
  expect(await one.grow({ tally }, requestId.toUpperCase())).toBe(1);
  expect(await two.grow({ tally }, requestId)).toBe(1);
  expect(await eventsOf(tally)).toHaveLength(1);
});

test('a refused request changes nothing, and may be carried out later', async () => {
  const tally = crypto.randomUUID();
  const requestId = crypto.randomUUID();
  await expect(one.grow({ tally, limit: 0 }, requestId)).rejects.toMatchObject({
    refusal: { reason: 'FULL' },
  });
  expect(await eventsOf(tally)).toEqual([]);
  expect(await one.grow({ tally, limit: 1 }, requestId)).toBe(1);
});
