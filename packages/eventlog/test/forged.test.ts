import { randomBytes } from 'node:crypto';
import { EVENT_KEYS, type TestStack, testStack } from '@lienthong/testkit';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { expectWhole, readApplied, stream, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { template } from './tally.ts';

// What somebody can do who may publish to the stream, but has no key.

let stack: TestStack;
let one: Fixture;
const tally = crypto.randomUUID();

beforeEach(async () => {
  stack = await testStack({ template });
  one = await tallyProcess(stack);
  one.consume('seen');
  await one.start();
  await one.grow({ tally, events: 10 });
  await waitUntilCaughtUp(one, ['seen']);
});
afterEach(async () => {
  await one.stop();
  await stack.close();
});

const manager = () => jetstreamManager(one.nats);

/** Publishes a copy of an event at the end of the stream. */
async function forge(change: { payload?: string; without?: string } = {}): Promise<void> {
  const genuine = await (await manager()).streams.getMessage(stream(stack), { seq: 10 });
  if (!genuine) throw new Error('no message');
  const copied = headers();
  for (const [name, [value]] of genuine.header)
    if (name !== change.without && name !== 'Nats-Expected-Last-Sequence') copied.append(name, value ?? '');
  await jetstream(one.nats).publish(genuine.subject, change.payload ?? genuine.data, { headers: copied });
}

const halted = async () => (await one.log.operations.part.status()).log?.halted ?? '';
const rebuild = async () => (await manager()).streams.delete(stream(stack));

test.each([
  ['a message of another program', { without: 'ce-type' }],
  ['an event without a MAC', { without: 'ce-mac' }],
  ['an event with another payload', { payload: 'forged' }],
  ['an event that was published before', {}],
])('%s takes no effect, and halts the relay with what to do', async (_, change) => {
  await forge(change);
  await vi.waitFor(
    async () =>
      expect(await halted()).toMatch(/is at 11, the database only at 10, and the relay of directory did not/),
    10_000,
  );
  expect(await halted()).toMatch(
    /No service applies the message\. Find out who can publish there, then delete/,
  );
  // Commands go on; their events wait.
  await one.grow({ tally, events: 5 });
  await vi.waitFor(
    async () => expect(await halted()).toMatch(/holds event .* at 11, the database has/),
    10_000,
  );
  expect(await readApplied(one, 'seen')).toHaveLength(10);
  await rebuild();
  await waitUntilCaughtUp(one, ['seen']);
  expect(await expectWhole(one, stack, ['seen'])).toHaveLength(15);
});

test('the relay publishes again what no known key vouches for, and readers go on', async () => {
  await one.stop();
  const env = { EVENT_MAC_KEYS: `next:${randomBytes(32).toString('base64')}` };
  one = await tallyProcess({ ...stack, env });
  one.consume('seen');
  one.consume('new');
  await one.start('consumer');
  await one.start('relay');
  await one.grow({ tally, events: 5 });
  await waitUntilCaughtUp(one, ['seen', 'new']);
  expect(await expectWhole(one, stack, ['seen', 'new'])).toHaveLength(15);
  const first = await (await manager()).streams.getMessage(stream(stack), { seq: 1 });
  expect(first?.header.get('ce-mac')).toMatch(/^next\./);
});

test('while keys replace each other, nothing is published again', async () => {
  await one.stop();
  const env = { EVENT_MAC_KEYS: `next:${randomBytes(32).toString('base64')},${EVENT_KEYS.EVENT_MAC_KEYS}` };
  one = await tallyProcess({ ...stack, env });
  one.consume('seen');
  await one.start();
  await one.grow({ tally, events: 5 });
  await waitUntilCaughtUp(one, ['seen']);
  const ids = await Promise.all(
    [1, 15].map(async (seq) =>
      (await (await manager()).streams.getMessage(stream(stack), { seq }))?.header.get('ce-mac'),
    ),
  );
  expect(ids).toEqual([expect.stringMatching(/^test\./), expect.stringMatching(/^next\./)]);
});
