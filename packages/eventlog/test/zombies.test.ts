import { type Line, openLine, type TestStack, testStack } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Child, killChildren, startChild } from './child.ts';
import { expectAcknowledged, expectWhole, readApplied, streamEnd, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { load } from './load.ts';
import { template } from './tally.ts';

/** A process is paused (SIGSTOP) at the worst moment, a standby takes over, and the first one wakes up. */
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

const zombie = (start: string): Promise<Child> =>
  startChild({ ...stack, databaseUrl: postgres.url, natsUrl: nats.url }, { consumers: ['seen'], start });

/** Ends the session that holds a leadership, as PostgreSQL does by itself when it has been silent for long. */
async function endLeader(name: string): Promise<void> {
  const ended = await standby.db.query<{ ended: boolean }>({
    text: `select pg_terminate_backend(pid) as ended from pg_locks
            where locktype = 'advisory' and granted
              and database = (select oid from pg_database where datname = current_database())
              and (classid::bigint << 32) | objid::bigint = hashtextextended($1, 0)`,
    values: [`tally:${name}`],
  });
  expect(ended).toEqual([{ ended: true }]);
}

/** Ends the sessions that wait for more of their transaction while others wait for them, as PostgreSQL does in time. */
const endUnfinished = () =>
  standby.db.query({
    text: `select pg_terminate_backend(holder.pid)
             from pg_stat_activity holder
            where holder.datname = current_database() and holder.xact_start is not null
              and holder.wait_event = 'ClientRead'
              and exists (select from pg_stat_activity waiting where holder.pid = any(pg_blocking_pids(waiting.pid)))`,
  });

const leads = async () => (await standby.log.operations.part.status()).log?.leader;

test('a relay paused in the middle of publishing cannot publish when it wakes', async () => {
  const paused = await zombie('relay');
  await paused.grow({ tally });
  await waitUntilCaughtUp(standby, []);
  const reached = nats.hold('before', `HPUB ${stack.natsPrefix}.`, 4);
  await paused.grow({ tally, events: 10 });
  await reached;
  await vi.waitFor(async () => expect(await streamEnd(standby, stack)).toBe(4));
  paused.signal('SIGSTOP');
  await endLeader('relay directory');
  await standby.start();
  // The standby publishes up to the position where the zombie stopped, then one further.
  await waitUntilCaughtUp(standby, ['seen']);
  await standby.grow({ tally });
  await waitUntilCaughtUp(standby, ['seen']);
  nats.release();
  paused.signal('SIGCONT');
  expect(await paused.grow({ tally })).toBe(13);
  await waitUntilCaughtUp(standby, ['seen']);
  expect(await expectWhole(standby, stack, ['seen'])).toHaveLength(13);
  expect(await leads()).toBe(true);
  // The woken process stands by, and leads again when no other does.
  await standby.stopWorkers();
  await standby.grow({ tally });
  await vi.waitFor(async () => expect(await streamEnd(standby, stack)).toBe(14), { timeout: 10_000 });
});

test('a process paused before its commit holds up the others until PostgreSQL ends its session, no longer', async () => {
  const paused = await zombie('relay');
  await paused.grow({ tally });
  const other = crypto.randomUUID();
  const reached = postgres.hold('before', 'commit');
  const requestId = crypto.randomUUID();
  const late = paused.grow({ tally: other, events: 2 }, requestId);
  late.catch(() => {});
  await reached;
  paused.signal('SIGSTOP');
  const held = standby.grow({ tally, events: 3 });
  await vi.waitFor(async () => expect(await endUnfinished()).toHaveLength(1));
  expect(await held).toBe(4);
  await standby.start('relay');
  postgres.release();
  paused.signal('SIGCONT');
  // What it was about to commit is gone; it, or the same request anywhere, carries it out now.
  expect(await late.catch(() => standby.grow({ tally: other, events: 2 }, requestId))).toBe(2);
  await waitUntilCaughtUp(standby, []);
  expect(await expectWhole(standby, stack)).toHaveLength(6);
});

test('a process that is silent for long loses its leadership by itself', async () => {
  const paused = await zombie('');
  await paused.grow({ tally, events: 5 });
  await waitUntilCaughtUp(standby, ['seen']);
  paused.signal('SIGSTOP');
  await standby.start();
  await standby.grow({ tally, events: 5 });
  await waitUntilCaughtUp(standby, ['seen'], 40_000);
  expect(await leads()).toBe(true);
  paused.signal('SIGCONT');
  expect(await paused.grow({ tally, events: 5 })).toBe(15);
  await waitUntilCaughtUp(standby, ['seen']);
  expect(await expectWhole(standby, stack, ['seen'])).toHaveLength(15);
});

test('a consumer paused before its transaction cannot apply when it wakes', async () => {
  const paused = await zombie('consumer');
  const reached = postgres.hold('before', 'eventlog_move_cursor');
  await standby.start('relay');
  await standby.grow({ tally, events: 10 });
  await reached;
  paused.signal('SIGSTOP');
  await endLeader('consumer seen of directory');
  await standby.start('consumer');
  await standby.grow({ tally });
  await waitUntilCaughtUp(standby, ['seen']);
  expect(await readApplied(standby, 'seen')).toHaveLength(11);
  postgres.release();
  paused.signal('SIGCONT');
  await standby.grow({ tally });
  await waitUntilCaughtUp(standby, ['seen']);
  await expectWhole(standby, stack, ['seen']);
});

test('of two processes one leads; the other stands by, and leads when the first stops', async () => {
  const other = await tallyProcess(stack);
  other.consume('seen');
  const both = [standby, other];
  const leaders = async () => {
    const statuses = await Promise.all(both.map((one) => one.log.operations.part.status()));
    return both.filter((_, i) => statuses[i]?.log?.leader);
  };
  for (const one of both) await one.start();
  await standby.grow({ tally, events: 5 });
  await waitUntilCaughtUp(standby, ['seen']);
  const [first, ...more] = await leaders();
  expect(more).toEqual([]);
  await first?.stopWorkers();
  await vi.waitFor(async () => expect(await leaders()).toEqual(both.filter((one) => one !== first)), {
    timeout: 10_000,
  });
  await standby.grow({ tally, events: 5 });
  await waitUntilCaughtUp(standby, ['seen']);
  expect(await expectWhole(standby, stack, ['seen'])).toHaveLength(10);
  await other.stop();
});

test('two processes with one relay and one consumer of a name: one works, the other takes over', async () => {
  const first = await zombie('');
  const running = load([standby]);
  await running.more(50);
  const second = await startChild(stack, { consumers: ['seen'], start: '' });
  await running.more(100);
  await first.kill();
  await running.more(100);
  const third = await startChild(stack, { consumers: ['seen'], start: '' });
  await second.kill();
  await running.more(50);
  const done = await running.stop();
  await waitUntilCaughtUp(standby, ['seen']);
  expectAcknowledged(await expectWhole(standby, stack, ['seen']), done);
  await third.kill();
});
