import { type TestStack, testStack } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Fixture, migrateTally, tallyProcess } from './fixture.ts';

let stack: TestStack;
let one: Fixture;

beforeAll(async () => {
  stack = await testStack({ template: { name: 'tally', migrate: migrateTally } });
  one = await tallyProcess(stack);
});
afterAll(async () => {
  await one.stop();
  await stack.close();
});

test('what is commanded reaches a consumer once, in order', async () => {
  const seen: number[] = [];
  one.log.consumer({
    name: 'seen',
    source: 'directory',
    handle: async (tx, events) => {
      seen.push(...events.map((e) => e.envelope.position));
      tx.send({
        text: `insert into applied (consumer, position, aggregate_id, version)
               select 'seen', * from unnest($1::bigint[], $2::uuid[], $3::bigint[])`,
        values: [
          events.map((e) => e.envelope.position),
          events.map((e) => e.envelope.aggregateId),
          events.map((e) => e.envelope.version),
        ],
      });
    },
  });
  const workers = one.log.workers();
  for (const worker of workers) await worker.start();
  const tallies = Array.from({ length: 10 }, () => crypto.randomUUID());
  const replies = await Promise.all(
    Array.from({ length: 1_000 }, (_, i) => one.grow({ tally: tallies[i % 10] as string })),
  );
  expect(replies.filter((n) => n === 100)).toHaveLength(10);
  await vi.waitFor(() => expect(seen.length).toBe(1_000), 20_000);
  expect(seen).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
  const status = await one.log.operations.status();
  expect(status).toEqual({
    log: {
      source: 'directory',
      halted: '',
      leader: true,
      sequenced: 1_000,
      published: 1_000,
      unsequenced: 0,
    },
    consumers: [{ name: 'seen', source: 'directory', cursor: 1_000, lag: 0, parked: 0 }],
  });
  for (const worker of workers.reverse()) await worker.stop();
});
