import { createLog } from '@lienthong/kit';
import { openLine, type TestStack, testStack } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWakeUp, wakeUpSubject } from '../src/wire/wake-up.ts';
import { waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { growEvent, template } from './tally.ts';

// A process that commits wakes the one that publishes.

let stack: TestStack;
let leader: Fixture;
let other: Fixture;
const stream = () => other.nats.subscribe(wakeUpSubject(stack.natsPrefix, 'directory'));

beforeEach(async () => {
  stack = await testStack({ template });
  leader = await tallyProcess(stack);
  other = await tallyProcess(stack);
  await leader.start('relay');
  await vi.waitFor(async () => expect((await leader.log.operations.part.status()).log?.leader).toBe(true));
});
afterEach(async () => {
  await other.stop();
  await leader.stop();
  await stack.close();
});

test('a commit of another process calls, one of its own does not', async () => {
  const calls = stream();
  await leader.grow({ tally: crypto.randomUUID() });
  await waitUntilCaughtUp(leader, []);
  await other.grow({ tally: crypto.randomUUID() });
  for await (const _ of calls) break;
  // The call of the other process was the first.
  expect(calls.getProcessed()).toBe(1);
  await waitUntilCaughtUp(leader, []);
});

test('events that a transaction of the service adds call too, once it has committed', async () => {
  const calls = stream();
  const appending = (fails: boolean) =>
    other.db.transaction(async (tx) => {
      other.log.append(tx, [growEvent(crypto.randomUUID(), 1)], { agencyId: '', officerId: '' });
      if (fails) throw new Error('undone');
    });
  await expect(appending(true)).rejects.toThrow('undone');
  await other.nats.flush();
  expect(calls.getPending()).toBe(0);
  await appending(false);
  for await (const _ of calls) break;
  await waitUntilCaughtUp(leader, []);
});

test('while NATS is away, one call waits, and no more', async () => {
  const line = await openLine(stack.natsUrl);
  const far = await tallyProcess({ ...stack, natsUrl: line.url });
  const wakeUp = createWakeUp(far.nats, stack.natsPrefix, 'directory', createLog('tally', 'silent'));
  const calls = stream();
  await other.nats.flush();
  line.cut();
  for (let n = 0; n < 1_000; n += 1) wakeUp.call();
  line.mend();
  await vi.waitFor(() => {
    wakeUp.call();
    expect(calls.getPending()).toBeGreaterThan(0);
  });
  expect(calls.getPending()).toBeLessThan(20);
  await far.stop();
  await line.close();
});

test('who listens is called until they stop', async () => {
  const wakeUp = createWakeUp(other.nats, stack.natsPrefix, 'directory', createLog('tally', 'silent'));
  let called = 0;
  const stop = wakeUp.listen(() => {
    called += 1;
  });
  wakeUp.call();
  await vi.waitFor(() => expect(called).toBe(1));
  stop();
  wakeUp.call();
  await other.nats.flush();
  await other.nats.flush();
  expect(called).toBe(1);
});
