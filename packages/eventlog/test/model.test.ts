import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isConnectionError, RefusalError } from '@lienthong/kit';
import { privateStack, sharedServers, testStack } from '@lienthong/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAcknowledged, expectWhole, settled } from './facts.ts';
import { type Fixture, type Servers, tallyProcess } from './fixture.ts';
import { growUntilSettled } from './load.ts';
import { type Line, openProxy } from './proxy.ts';
import { type Point, points, type Step, stories } from './story.ts';
import { type Grow, template } from './tally.ts';

/**
 * Random stories of commands, crashes and losses, whose end is always the same: each command acknowledged (in the
 * end all are, or refused) is in the log once, and the stream and the consumer tell the log's story.
 * TEST_SEED and TEST_RUNS repeat or lengthen a run; fast-check prints the seed of a failure.
 */
const RUNS = Number(process.env.TEST_RUNS ?? 8);

let own: Awaited<ReturnType<typeof privateStack>>;
/** What is left of processes whose lines are cut; it takes its time to see that. */
const dead: Promise<void>[] = [];
beforeAll(async () => {
  own = await privateStack();
});
afterAll(async () => {
  await Promise.all(dead);
  await own.stop();
});

/** A process behind lines of its own: when they are cut, it is dead to the world. */
interface Mortal {
  process: Fixture;
  lines: { postgres: Line; nats: Line };
}

/** One story's world: two processes, the servers, and what the client knows. */
async function play(story: readonly Step[], servers: Servers): Promise<void> {
  const tallies = Array.from({ length: 4 }, () => crypto.randomUUID());
  const commands = new Map<string, Grow>();
  const replies = new Map<string, number | 'refused'>();
  const pending = new Set<Promise<void>>();
  const wrong: unknown[] = [];
  const older = join(sharedServers().dir, `older-${servers.natsPrefix}`);
  let backedUp = false;

  const birth = async (): Promise<Mortal> => {
    const [postgres, nats] = await Promise.all([openProxy(servers.databaseUrl), openProxy(servers.natsUrl)]);
    const process = await tallyProcess({ ...servers, databaseUrl: postgres.url, natsUrl: nats.url });
    process.consume('seen');
    await process.start();
    return { process, lines: { postgres, nats } };
  };
  const bury = ({ process, lines }: Mortal) => {
    const closed = Promise.all([lines.postgres.close(), lines.nats.close()]);
    dead.push(closed.then(() => process.stop()));
  };
  const admin = await tallyProcess(servers);
  /** As PostgreSQL does with the sessions of leaders that are silent for long. */
  const endLeaders = () =>
    admin.db.query({
      text: `select pg_terminate_backend(pid) from pg_locks
              where locktype = 'advisory' and granted
                and database = (select oid from pg_database where datname = current_database())`,
    });
  const living: [Mortal, Mortal] = [await birth(), await birth()];
  const crash = async (i: 0 | 1) => {
    bury(living[i]);
    living[i] = await birth();
  };

  const send = (i: 0 | 1, requestId: string) => {
    const command = commands.get(requestId) as Grow;
    const sent = living[i].process.grow(command, requestId).then(
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
  /** A refusal is not kept: the same request may be carried out later. A reply once given is the reply for good. */
  const settle = (requestId: string, reply: number | 'refused') => {
    const before = replies.get(requestId);
    if (typeof before === 'number' && before !== reply) {
      wrong.push(`request ${requestId} was answered ${before}, then ${reply}`);
    }
    replies.set(requestId, reply);
  };

  /** Small commands one after the other, until a process stands still at the point. */
  const lead = async ({ at: point, nth }: { at: Point; nth: number }): Promise<0 | 1 | undefined> => {
    const [server, at, marker] = points[point];
    const reached = Promise.race(
      living.map(async ({ lines }, i) => {
        await lines[server].hold(at, marker, nth);
        return i as 0 | 1;
      }),
    );
    for (let n = 0; n < 60; n += 1) {
      grow((n % 2) as 0 | 1, { tally: tallies[n % 4] as string });
      const who = await Promise.race([reached, sleep(20)]);
      if (who !== undefined) return who;
    }
    return undefined;
  };
  const release = () => {
    for (const { lines } of living) for (const line of [lines.postgres, lines.nats]) line.release();
  };

  const restartBroker = async (meanwhile: () => Promise<void>) => {
    await own.nats.kill('SIGKILL');
    await meanwhile();
    await own.nats.restart();
  };
  const jetstream = join(own.nats.dataDir, 'jetstream');

  const tell = async () => {
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
          const reached = await lead(step);
          if (reached !== undefined) await crash(reached);
          release();
          break;
        }
        case 'pause':
          if ((await lead(step)) !== undefined) {
            await endLeaders();
            // Long enough for the other one to notice that nobody leads.
            for (let n = 0; n < 30; n += 1) {
              grow((n % 2) as 0 | 1, { tally: tallies[n % 4] as string });
              await sleep(50);
            }
          }
          release();
          break;
        case 'crash now':
          await crash(step.who);
          break;
        case 'stop': {
          const { process, lines } = living[step.who];
          await process.rest();
          await Promise.allSettled([...pending]);
          bury({ process, lines });
          living[step.who] = await birth();
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
          await rm(older, { recursive: true, force: true });
          await cp(jetstream, older, { recursive: true });
          backedUp = true;
          await own.nats.restart();
          break;
        case 'restore broker':
          if (!backedUp) break;
          await restartBroker(async () => {
            await rm(jetstream, { recursive: true });
            await cp(older, jetstream, { recursive: true });
          });
          break;
        case 'wipe broker':
          await restartBroker(() => own.nats.wipe());
          break;
        default:
          step satisfies never;
      }
    }

    // The end: everything works again, and the client settles what it has no answer to.
    await Promise.all(pending);
    await crash(0);
    const last = living[0];
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
    await settled(last.process, ['seen']);
    const events = await expectWhole(last.process, servers, ['seen']);
    expectAcknowledged(
      events,
      [...replies].flatMap(([requestId, reply]) => {
        const { tally, events: count = 1 } = commands.get(requestId) as Grow;
        return reply === 'refused' ? [] : [{ tally, reply, events: count }];
      }),
    );
  };
  await tell().finally(async () => {
    for (const one of living) bury(one);
    await admin.stop();
    await rm(older, { recursive: true, force: true });
  });
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test(
  'whatever happens, in whatever order: nothing acknowledged is lost, doubled or reordered',
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
