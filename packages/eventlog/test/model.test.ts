import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isConnectionError, RefusalError } from '@lienthong/kit';
import { type Line, openLine, privateStack, sharedServers, testStack } from '@lienthong/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAcknowledged, expectWhole, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, type Servers, tallyProcess } from './fixture.ts';
import { growUntilSettled } from './load.ts';
import { type Point, points, type Step, stories } from './story.ts';
import { type Grow, template } from './tally.ts';

/**
 * Random stories of commands, crashes and losses. In the end every command has a reply or a refusal, each one with a
 * reply is in the log once, and the stream and the consumer agree with the log.
 * TEST_SEED and TEST_RUNS repeat or lengthen a run; fast-check prints the seed of a failure.
 */
const RUNS = Number(process.env.TEST_RUNS ?? 8);

let own: Awaited<ReturnType<typeof privateStack>>;
/** Processes whose lines are cut; they stop once they notice. */
const closing: Promise<void>[] = [];
beforeAll(async () => {
  own = await privateStack();
});
afterAll(async () => {
  await Promise.all(closing);
  await own.stop();
});

/** A process with connections of its own through proxies: cutting both equals a crash. */
interface TestProcess {
  process: Fixture;
  lines: { postgres: Line; nats: Line };
}

/** Plays a story with two processes, and checks the end. */
async function play(story: readonly Step[], servers: Servers): Promise<void> {
  const tallies = Array.from({ length: 4 }, () => crypto.randomUUID());
  const commands = new Map<string, Grow>();
  const replies = new Map<string, number | 'refused'>();
  const pending = new Set<Promise<void>>();
  const wrong: unknown[] = [];
  const backup = join(sharedServers().dir, `backup-${servers.natsPrefix}`);
  let backedUp = false;

  const startProcess = async (): Promise<TestProcess> => {
    const [postgres, nats] = await Promise.all([openLine(servers.databaseUrl), openLine(servers.natsUrl)]);
    const process = await tallyProcess({ ...servers, databaseUrl: postgres.url, natsUrl: nats.url });
    process.consume('seen');
    await process.start();
    return { process, lines: { postgres, nats } };
  };
  const cutOff = ({ process, lines }: TestProcess) => {
    const closed = Promise.all([lines.postgres.close(), lines.nats.close()]);
    closing.push(closed.then(() => process.stop()));
  };
  const admin = await tallyProcess(servers);
  /** Ends the sessions of leaders, as PostgreSQL does when they are silent for long. */
  const endLeaders = () =>
    admin.db.query({
      text: `select pg_terminate_backend(pid) from pg_locks
              where locktype = 'advisory' and granted
                and database = (select oid from pg_database where datname = current_database())`,
    });
  const processes: [TestProcess, TestProcess] = [await startProcess(), await startProcess()];
  const crash = async (i: 0 | 1) => {
    cutOff(processes[i]);
    processes[i] = await startProcess();
  };

  const send = (i: 0 | 1, requestId: string) => {
    const command = commands.get(requestId) as Grow;
    const sent = processes[i].process.grow(command, requestId).then(
      (reply) => settle(requestId, reply),
      (error) => {
        if (error instanceof RefusalError) settle(requestId, 'refused');
        else if (!isConnectionError(error)) wrong.push(error);
      },
    );
    pending.add(sent);
    void sent.finally(() => pending.delete(sent));
  };
  const grow = (i: 0 | 1, command: Grow) => {
    const requestId = crypto.randomUUID();
    commands.set(requestId, command);
    send(i, requestId);
  };
  /** A refusal is not kept: the same request may succeed later. A reply is final. */
  const settle = (requestId: string, reply: number | 'refused') => {
    const before = replies.get(requestId);
    if (typeof before === 'number' && before !== reply) {
      wrong.push(`request ${requestId} got the reply ${before}, then ${reply}`);
    }
    replies.set(requestId, reply);
  };

  /** Sends small commands until a process is held at the point; resolves to its index. */
  const reach = async ({ at: point, nth }: { at: Point; nth: number }): Promise<0 | 1 | undefined> => {
    const [server, at, marker] = points[point];
    const reached = Promise.race(
      processes.map(async ({ lines }, i) => {
        await lines[server].hold(at, marker, nth);
        return i as 0 | 1;
      }),
    );
    for (let n = 0; n < 60; n += 1) {
      grow((n % 2) as 0 | 1, { tally: tallies[n % 4] as string });
      const index = await Promise.race([reached, sleep(20)]);
      if (index !== undefined) return index;
    }
    return undefined;
  };
  const release = () => {
    for (const { lines } of processes) for (const line of [lines.postgres, lines.nats]) line.release();
  };

  const restartBroker = async (meanwhile: () => Promise<void>) => {
    await own.nats.kill('SIGKILL');
    await meanwhile();
    await own.nats.restart();
  };
  const jetstream = join(own.nats.dataDir, 'jetstream');

  const run = async () => {
    for (const step of story) {
      switch (step.do) {
        case 'grow':
          for (const { tally, events, limit } of step.commands) {
            const command = { tally: tallies[tally] as string, events };
            grow(step.by, limit === undefined ? command : { ...command, limit });
          }
          break;
        case 'repeat': {
          const ids = [...commands.keys()];
          if (ids.length > 0) send(step.by, ids[step.nth % ids.length] as string);
          break;
        }
        case 'crash': {
          const reached = await reach(step);
          if (reached !== undefined) await crash(reached);
          release();
          break;
        }
        case 'pause':
          if ((await reach(step)) !== undefined) {
            await endLeaders();
            // Long enough for the other process to become the leader.
            for (let n = 0; n < 30; n += 1) {
              grow((n % 2) as 0 | 1, { tally: tallies[n % 4] as string });
              await sleep(50);
            }
          }
          release();
          break;
        case 'crash now':
          await crash(step.index);
          break;
        case 'stop': {
          const { process, lines } = processes[step.index];
          await process.stopWorkers();
          await Promise.allSettled([...pending]);
          cutOff({ process, lines });
          processes[step.index] = await startProcess();
          break;
        }
        case 'end sessions':
          await admin.db.query({
            text: `select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()`,
          });
          break;
        case 'kill broker':
          await restartBroker(async () => {});
          break;
        case 'back up broker':
          await own.nats.stop();
          await rm(backup, { recursive: true, force: true });
          await cp(jetstream, backup, { recursive: true });
          backedUp = true;
          await own.nats.restart();
          break;
        case 'restore broker':
          if (!backedUp) break;
          await restartBroker(async () => {
            await rm(jetstream, { recursive: true });
            await cp(backup, jetstream, { recursive: true });
          });
          break;
        case 'wipe broker':
          await restartBroker(() => own.nats.wipe());
          break;
        default:
          step satisfies never;
      }
    }

    // The end: everything works again, and the client repeats what has no reply.
    await Promise.all(pending);
    await crash(0);
    const last = processes[0];
    for (const [requestId, command] of commands) {
      const any = () => last.process;
      await growUntilSettled(any, command, requestId).then(
        (reply) => settle(requestId, reply),
        (error) => {
          if (!(error instanceof RefusalError)) throw error;
          settle(requestId, 'refused');
        },
      );
    }
    expect(wrong).toEqual([]);
    await waitUntilCaughtUp(last.process, ['seen']);
    const events = await expectWhole(last.process, servers, ['seen']);
    expectAcknowledged(
      events,
      [...replies].flatMap(([requestId, reply]) => {
        const { tally, events: count = 1 } = commands.get(requestId) as Grow;
        return reply === 'refused' ? [] : [{ tally, reply, events: count }];
      }),
    );
  };
  await run().finally(async () => {
    for (const one of processes) cutOff(one);
    await admin.stop();
    await rm(backup, { recursive: true, force: true });
  });
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test(
  'random crashes and losses: nothing acknowledged is lost, doubled or reordered',
  async () => {
    const seed = process.env.TEST_SEED;
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const stack = { ...(await testStack({ template })), natsUrl: own.natsUrl };
        try {
          await play(story, stack);
        } finally {
          await stack.close();
        }
      }),
      { numRuns: RUNS, endOnFailure: true, ...(seed ? { seed: Number(seed) } : {}) },
    );
  },
  60_000 + 15_000 * RUNS,
);
