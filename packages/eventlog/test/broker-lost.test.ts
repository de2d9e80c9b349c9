import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { privateStack, sharedServers, type TestStack, testStack } from '@lienthong/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  expectAcknowledged,
  expectWhole,
  readApplied,
  stream,
  streamEnd,
  waitUntilCaughtUp,
} from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { load } from './load.ts';
import { template } from './tally.ts';

/** The relay fills what the broker lost again from the log; no consumer applies an event twice. */
let own: Awaited<ReturnType<typeof privateStack>>;
let stack: TestStack;
let one: Fixture;
const tally = crypto.randomUUID();

beforeAll(async () => {
  own = await privateStack();
});
afterAll(() => own.stop());
beforeEach(async () => {
  stack = { ...(await testStack({ template })), natsUrl: own.natsUrl };
  one = await tallyProcess(stack);
  one.consume('seen');
  await one.start();
});
afterEach(async () => {
  await one.stop();
  await stack.close();
});

/** Resolves when the process is connected again: a request before that may get no reply for long. */
async function restart(): Promise<void> {
  const events = one.nats.status();
  await own.nats.restart();
  for await (const { type } of events) if (type === 'reconnect') return;
}

async function expectWholeInEnd(total: number): Promise<void> {
  await waitUntilCaughtUp(one, ['seen']);
  expect(await expectWhole(one, stack, ['seen'])).toHaveLength(total);
}

test('the broker is killed under load and restarted: commands go on meanwhile, events come once and in order', async () => {
  const running = load([one]);
  await running.more(100);
  await own.nats.kill('SIGKILL');
  await running.more(100);
  await restart();
  await running.more(100);
  const done = await running.stop();
  await waitUntilCaughtUp(one, ['seen']);
  expectAcknowledged(await expectWhole(one, stack, ['seen']), done);
});

test('the broker is away: how far log and consumers are is told all the same, by what was known last', async () => {
  await one.grow({ tally, events: 5 });
  await waitUntilCaughtUp(one, ['seen']);
  const { status } = one.log.operations.part;
  expect(await status()).toMatchObject({ log: { published: 5, streamUnreachable: false } });
  await own.nats.kill('SIGKILL');
  await one.grow({ tally, events: 2 });
  expect(await status()).toMatchObject({
    log: { position: 7, published: 5, streamUnreachable: true },
    consumers: [{ cursor: 5, lag: 0, parked: 0, streamUnreachable: true }],
  });
  await restart();
  await waitUntilCaughtUp(one, ['seen']);
  expect(await status()).toMatchObject({
    log: { position: 7, published: 7, streamUnreachable: false },
    consumers: [{ cursor: 7, lag: 0, streamUnreachable: false }],
  });
});

test('the stream lost its tail: it is filled again, and the consumer skips what it has', async () => {
  await one.grow({ tally, events: 50 });
  await waitUntilCaughtUp(one, ['seen']);
  await own.nats.stop();
  const older = await mkdtemp(join(sharedServers().dir, 'older-'));
  await cp(own.nats.dataDir, older, { recursive: true });
  await restart();
  await one.grow({ tally, events: 100 });
  await waitUntilCaughtUp(one, ['seen']);
  await own.nats.stop();
  await rm(join(own.nats.dataDir, 'jetstream'), { recursive: true });
  await cp(join(older, 'jetstream'), join(own.nats.dataDir, 'jetstream'), { recursive: true });
  await restart();
  await one.grow({ tally, events: 10 });
  await expectWholeInEnd(160);
});

test('the broker lost its disk while consumers ran: the stream is rebuilt, also for a consumer that comes later', async () => {
  await one.grow({ tally, events: 100 });
  await waitUntilCaughtUp(one, ['seen']);
  await own.nats.kill('SIGKILL');
  await own.nats.wipe();
  await restart();
  await one.grow({ tally, events: 10 });
  await expectWholeInEnd(110);
  const late = await tallyProcess(stack);
  late.consume('late');
  await late.start('consumer late');
  await waitUntilCaughtUp(late, ['late']);
  await expectWhole(one, stack, ['seen', 'late']);
  await late.stop();
});

test('the stream is deleted while nobody publishes: an idle relay notices', async () => {
  await one.grow({ tally, events: 20 });
  await waitUntilCaughtUp(one, ['seen']);
  const jsm = await jetstreamManager(one.nats);
  await jsm.streams.delete(stream(stack));
  await vi.waitFor(async () => expect(await streamEnd(one, stack)).toBe(20), { timeout: 15_000 });
  await one.grow({ tally });
  await expectWholeInEnd(21);
});

test('a stream rebuilt from a log whose beginning is archived starts at the oldest position', async () => {
  await one.grow({ tally, events: 30 });
  await waitUntilCaughtUp(one, ['seen']);
  await one.db.query({ text: 'delete from event where position <= 10' });
  const jsm = await jetstreamManager(one.nats);
  await jsm.streams.delete(stream(stack));
  await one.grow({ tally });
  await vi.waitFor(
    async () =>
      expect((await jsm.streams.info(stream(stack))).state).toMatchObject({ first_seq: 11, last_seq: 31 }),
    { timeout: 15_000 },
  );
  await vi.waitFor(async () => expect(await readApplied(one, 'seen')).toHaveLength(31), { timeout: 15_000 });
});

test.each([
  ['first', { seq: 6 }],
  ['middle', undefined],
])(
  'the stream lost its %s messages: it is rebuilt, also for a consumer that comes later',
  async (_, purge) => {
    await one.grow({ tally, events: 20 });
    await waitUntilCaughtUp(one, ['seen']);
    const jsm = await jetstreamManager(one.nats);
    if (purge) await jsm.streams.purge(stream(stack), purge);
    else await jsm.streams.deleteMessage(stream(stack), 7);
    const late = await tallyProcess(stack);
    late.consume('late');
    await late.start('consumer late');
    await waitUntilCaughtUp(late, ['late']);
    await one.grow({ tally });
    await waitUntilCaughtUp(late, ['seen', 'late']);
    await expectWhole(one, stack, ['seen', 'late']);
    await late.stop();
  },
);

test('the broker is killed while no relay runs, and restarted: what it acknowledged is there', async () => {
  await one.grow({ tally, events: 20 });
  await waitUntilCaughtUp(one, ['seen']);
  await one.stopWorkers();
  await own.nats.kill('SIGKILL');
  await restart();
  // No relay runs that could fill it again.
  await expectWhole(one, stack, ['seen']);
});
