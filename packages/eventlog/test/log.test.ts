import { type TestStack, testStack } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectWhole, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { template } from './tally.ts';

let stack: TestStack;
let one: Fixture;

beforeAll(async () => {
  stack = await testStack({ template });
  one = await tallyProcess(stack);
});
afterAll(async () => {
  await one.stop();
  await stack.close();
});

test('the events of commands reach a consumer once, in order', async () => {
  one.consume('seen');
  await one.start();
  const tallies = Array.from({ length: 10 }, () => crypto.randomUUID());
  const replies = await Promise.all(
    Array.from({ length: 1_000 }, (_, i) => one.grow({ tally: tallies[i % 10] as string })),
  );
  expect(replies.filter((n) => n === 100)).toHaveLength(10);
  await waitUntilCaughtUp(one, ['seen']);
  expect(await expectWhole(one, stack, ['seen'])).toHaveLength(1_000);
  expect(await one.log.operations.part.status()).toEqual({
    log: {
      source: 'directory',
      halted: '',
      leader: true,
      position: 1_000,
      published: 1_000,
      streamUnreachable: false,
    },
    consumers: [
      { name: 'seen', source: 'directory', cursor: 1_000, lag: 0, parked: 0, streamUnreachable: false },
    ],
  });
});
