import { type TestStack, testStack } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Child, killChildren, startChild } from './child.ts';
import { expectWhole, readApplied, readLog, settled, streamEnd } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { type Line, openProxy } from './proxy.ts';
import { template } from './tally.ts';

/**
 * A process dies (SIGKILL) at an exact point; another takes over. `postgres` and `nats` are the dying process's
 * lines to the servers: it is killed while one of them is held.
 */
let stack: TestStack;
let heir: Fixture;
let postgres: Line;
let nats: Line;
const tally = crypto.randomUUID();

beforeEach(async () => {
  stack = await testStack({ template });
  [postgres, nats] = await Promise.all([openProxy(stack.databaseUrl), openProxy(stack.natsUrl)]);
  heir = await tallyProcess(stack);
  heir.consume('seen');
});
afterEach(async () => {
  await killChildren();
  await heir.stop();
  await Promise.all([postgres.close(), nats.close()]);
  await stack.close();
});

const doomed = (start?: string): Promise<Child> =>
  startChild(
    { ...stack, databaseUrl: postgres.url, natsUrl: nats.url },
    { consumers: ['seen'], ...(start === undefined ? {} : { start }) },
  );

/** The death of a process, and of its lines: the servers hear of it. */
async function die(child: Child): Promise<void> {
  await child.kill();
  postgres.cut();
  nats.cut();
}

async function expectTaken(total: number, start = ''): Promise<void> {
  await heir.start(start);
  await settled(heir, ['seen']);
  expect(await expectWhole(heir, stack, ['seen'])).toHaveLength(total);
}

test('before commit: nothing happened, and the same request carries it out', async () => {
  const child = await doomed();
  const requestId = crypto.randomUUID();
  const reached = postgres.hold('before', 'commit');
  void child.grow({ tally, events: 3 }, requestId);
  await reached;
  await die(child);
  expect(await readLog(heir)).toEqual([]);
  expect(await heir.grow({ tally, events: 3 }, requestId)).toBe(3);
  await expectTaken(3);
});

test('after commit, before the reply: the same request gets the reply stored, nothing is doubled', async () => {
  const child = await doomed();
  const requestId = crypto.randomUUID();
  const reached = postgres.hold('after', 'commit');
  let replied = false;
  void child.grow({ tally, events: 3 }, requestId).then(() => {
    replied = true;
  });
  await reached;
  await vi.waitFor(async () => expect(await readLog(heir)).toHaveLength(3));
  expect(replied).toBe(false);
  await die(child);
  await heir.grow({ tally, events: 1 });
  expect(await heir.grow({ tally, events: 3 }, requestId)).toBe(3);
  await expectTaken(4);
});

test('after commit, before publish: the successor publishes what was committed', async () => {
  const child = await doomed('relay');
  // Let it find its stream first.
  await child.grow({ tally });
  await settled(heir, []);
  const reached = nats.hold('before', `HPUB ${stack.natsPrefix}.`);
  await child.grow({ tally, events: 5 });
  await reached;
  // Not in a moment: before the first byte of it is on its way.
  expect((await readLog(heir)).at(-1)?.position).toBe(6);
  expect(await streamEnd(heir, stack)).toBe(1);
  await die(child);
  await heir.grow({ tally });
  await expectTaken(7);
});

test('mid-publish: the successor goes on behind what the stream holds', async () => {
  const child = await doomed('relay');
  await child.grow({ tally });
  await settled(heir, []);
  const reached = nats.hold('before', `HPUB ${stack.natsPrefix}.`, 8);
  await child.grow({ tally, events: 20 });
  await reached;
  await vi.waitFor(async () => expect(await streamEnd(heir, stack)).toBe(8));
  await die(child);
  await expectTaken(21);
});

test('mid-publish, the line only: the same relay goes on behind what the stream holds', async () => {
  const child = await doomed('relay');
  await child.grow({ tally });
  await settled(heir, []);
  const reached = nats.hold('before', `HPUB ${stack.natsPrefix}.`, 8);
  await child.grow({ tally, events: 20 });
  await reached;
  await vi.waitFor(async () => expect(await streamEnd(heir, stack)).toBe(8));
  nats.cut();
  nats.mend();
  await heir.start('consumer');
  await settled(heir, ['seen']);
  expect(await expectWhole(heir, stack, ['seen'])).toHaveLength(21);
});

test('after publish, before anything else: nothing is published twice', async () => {
  const child = await doomed('relay');
  await child.grow({ tally });
  await settled(heir, []);
  const reached = nats.hold('after', `HPUB ${stack.natsPrefix}.`);
  await child.grow({ tally, events: 20 });
  await reached;
  await vi.waitFor(async () => expect(await streamEnd(heir, stack)).toBe(21));
  await die(child);
  await expectTaken(21);
});

test.each(['before', 'after'] as const)(
  'a consumer dies %s its commit: each event applied once',
  async (at) => {
    const child = await doomed('consumer');
    const reached = postgres.hold(at, 'insert into applied');
    await heir.start('relay');
    await heir.grow({ tally, events: 10 });
    await reached;
    if (at === 'after')
      await vi.waitFor(async () => expect(await readApplied(heir, 'seen')).toHaveLength(10));
    await die(child);
    await heir.grow({ tally });
    await expectTaken(11, 'consumer');
  },
);
