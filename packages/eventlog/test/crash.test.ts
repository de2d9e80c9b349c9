import { type Line, openLine, type TestStack, testStack } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Child, killChildren, startChild } from './child.ts';
import { expectWhole, readApplied, readLog, streamEnd, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { template } from './tally.ts';

/**
 * A process dies (SIGKILL) at an exact point; another takes over. `postgres` and `nats` are the dying process's
 * lines to the servers: it is killed while one of them is held.
 */
let stack: TestStack;
let standby: Fixture;
let postgres: Line;
let nats: Line;
const tally = crypto.randomUUID();

beforeEach(async () => {
  stack = await testStack({ template });
  [postgres, nats] = await Promise.all([openLine(stack.databaseUrl), openLine(stack.natsUrl)]);
  standby = await tallyProcess(stack);
  standby.consume('seen');
});
afterEach(async () => {
  await killChildren();
  await standby.stop();
  await Promise.all([postgres.close(), nats.close()]);
  await stack.close();
});

const doomed = (start?: string): Promise<Child> =>
  startChild(
    { ...stack, databaseUrl: postgres.url, natsUrl: nats.url },
    { consumers: ['seen'], ...(start === undefined ? {} : { start }) },
  );

/** Kills the process and cuts its connections, so that the servers notice. */
async function die(child: Child): Promise<void> {
  await child.kill();
  postgres.cut();
  nats.cut();
}

async function expectTaken(total: number, start = ''): Promise<void> {
  await standby.start(start);
  await waitUntilCaughtUp(standby, ['seen']);
  expect(await expectWhole(standby, stack, ['seen'])).toHaveLength(total);
}

test('a crash before commit: nothing happened, and the same request carries it out', async () => {
  const child = await doomed();
  const requestId = crypto.randomUUID();
  const reached = postgres.hold('before', 'commit');
  void child.grow({ tally, events: 3 }, requestId);
  await reached;
  await die(child);
  expect(await readLog(standby)).toEqual([]);
  expect(await standby.grow({ tally, events: 3 }, requestId)).toBe(3);
  await expectTaken(3);
});

test('a crash after commit, before the reply: the same request gets the stored reply, nothing is doubled', async () => {
  const child = await doomed();
  const requestId = crypto.randomUUID();
  const reached = postgres.hold('after', 'commit');
  let replied = false;
  void child.grow({ tally, events: 3 }, requestId).then(() => {
    replied = true;
  });
  await reached;
  await vi.waitFor(async () => expect(await readLog(standby)).toHaveLength(3));
  expect(replied).toBe(false);
  await die(child);
  await standby.grow({ tally, events: 1 });
  expect(await standby.grow({ tally, events: 3 }, requestId)).toBe(3);
  await expectTaken(4);
});

test('a crash after commit, before publish: the standby publishes what was committed', async () => {
  const child = await doomed('relay');
  // The relay finds its stream first.
  await child.grow({ tally });
  await waitUntilCaughtUp(standby, []);
  const reached = nats.hold('before', `HPUB ${stack.natsPrefix}.`);
  await child.grow({ tally, events: 5 });
  await reached;
  // From now on, before the first byte of the next message is sent.
  expect((await readLog(standby)).at(-1)?.position).toBe(6);
  expect(await streamEnd(standby, stack)).toBe(1);
  await die(child);
  await standby.grow({ tally });
  await expectTaken(7);
});

test('a crash while publishing: the standby goes on after what the stream holds', async () => {
  const child = await doomed('relay');
  await child.grow({ tally });
  await waitUntilCaughtUp(standby, []);
  const reached = nats.hold('before', `HPUB ${stack.natsPrefix}.`, 8);
  await child.grow({ tally, events: 20 });
  await reached;
  await vi.waitFor(async () => expect(await streamEnd(standby, stack)).toBe(8));
  await die(child);
  await expectTaken(21);
});

test('a connection lost while publishing: the same relay goes on after what the stream holds', async () => {
  const child = await doomed('relay');
  await child.grow({ tally });
  await waitUntilCaughtUp(standby, []);
  const reached = nats.hold('before', `HPUB ${stack.natsPrefix}.`, 8);
  await child.grow({ tally, events: 20 });
  await reached;
  await vi.waitFor(async () => expect(await streamEnd(standby, stack)).toBe(8));
  nats.cut();
  nats.mend();
  await standby.start('consumer');
  await waitUntilCaughtUp(standby, ['seen']);
  expect(await expectWhole(standby, stack, ['seen'])).toHaveLength(21);
});

test('a crash after publish: nothing is published twice', async () => {
  const child = await doomed('relay');
  await child.grow({ tally });
  await waitUntilCaughtUp(standby, []);
  const reached = nats.hold('after', `HPUB ${stack.natsPrefix}.`);
  await child.grow({ tally, events: 20 });
  await reached;
  await vi.waitFor(async () => expect(await streamEnd(standby, stack)).toBe(21));
  await die(child);
  await expectTaken(21);
});

test.each(['before', 'after'] as const)(
  'a consumer dies %s its commit: each event applied once',
  async (at) => {
    const child = await doomed('consumer');
    const reached = postgres.hold(at, 'insert into applied');
    await standby.start('relay');
    await standby.grow({ tally, events: 10 });
    await reached;
    if (at === 'after')
      await vi.waitFor(async () => expect(await readApplied(standby, 'seen')).toHaveLength(10));
    await die(child);
    await standby.grow({ tally });
    await expectTaken(11, 'consumer');
  },
);
