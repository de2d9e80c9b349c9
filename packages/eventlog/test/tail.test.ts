import { type TestStack, testStack } from '@lienthong/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { streamName } from '../src/wire/stream.ts';
import { expectWhole, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { template } from './tally.ts';

// Several consumers of a source in one process read its stream once.

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

const grow = (times: number) =>
  Promise.all(Array.from({ length: times }, () => one.grow({ tally: crypto.randomUUID() })));

const readers = async (): Promise<number> => {
  const manager = await jetstreamManager(one.nats);
  return (await manager.streams.info(streamName(stack.natsPrefix, 'directory'))).state.consumer_count;
};

test('a late consumer reads by itself until it has caught up; then all share one reader', async () => {
  one.consume('early');
  one.consume('also early');
  await one.start();
  await grow(2_000);
  await waitUntilCaughtUp(one, ['early', 'also early']);
  await vi.waitFor(async () => expect(await readers()).toBe(1), 20_000);

  one.consume('late');
  await one.start('consumer late');
  await grow(500);
  await waitUntilCaughtUp(one, ['early', 'also early', 'late']);
  await vi.waitFor(async () => expect(await readers()).toBe(1), 20_000);
  await expectWhole(one, stack, ['early', 'also early', 'late']);
}, 60_000);

test('a consumer that falls far behind delays no other, and misses nothing', async () => {
  // The readers of the checks above still exist on the server.
  const before = await readers();
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  one.consume('slow', { before: () => gate, maxBatch: 1_000 });
  await one.start('consumer slow');
  // More than the process keeps for consumers that are behind.
  for (let n = 0; n < 6; n += 1) await grow(2_500);
  await waitUntilCaughtUp(one, ['early', 'also early', 'late']);
  open();
  await waitUntilCaughtUp(one, ['slow']);
  await vi.waitFor(async () => expect(await readers()).toBe(before), 20_000);
  await expectWhole(one, stack, ['early', 'also early', 'late', 'slow']);
}, 120_000);
