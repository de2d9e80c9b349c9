import { setTimeout as sleep } from 'node:timers/promises';
import type { Line } from '@lienthong/testkit/line';
import { within } from '../bound.ts';
import type { Cluster, ServiceProcess } from './cluster.ts';
import { fillDisk, refuseEffects } from './refused-writes.ts';
import type { Replies } from './replies.ts';
import { endLeaderships, processesOf } from './superuser.ts';
import type { Note } from './verdict.ts';

/** Within the validity of the callers' tokens, and beyond it. */
const CLOCK_OFFSETS_MS = [-3_600_000, -60_000, 60_000, 86_400_000, 20 * 86_400_000];

type Pick = <T>(from: readonly T[]) => T;
type Fault = (cluster: Cluster, pick: Pick, replies: Replies) => Promise<void>;

const FAULTS = {
  'services killed': async (cluster, pick) => {
    const victim = pick(cluster.processes);
    victim.signal('SIGKILL');
    await sleep(500);
    await victim.restart();
  },
  'services stopped': async (cluster, pick) => {
    const victim = pick(cluster.processes);
    victim.signal('SIGTERM');
    await victim.restart();
  },
  'all services killed': async ({ processes }) => {
    for (const one of processes) one.signal('SIGKILL');
    await Promise.all(processes.map((one) => one.restart()));
  },
  'services paused past their leadership': (cluster, pick) =>
    paused(pick(cluster.processes), () => sleep(18_000)),
  /** The other process takes over at once, and the paused one finds its work half done. */
  'services paused and replaced': (cluster, pick) =>
    paused(pick(cluster.processes), async () => {
      await endLeaderships(cluster.databaseUrl);
      await sleep(3_000);
    }),
  'PostgreSQL killed': async ({ postgres }) => {
    await postgres.kill('SIGKILL');
    await sleep(500);
    await postgres.restart();
  },
  /** What a caller has just been told is not on the disk for longer than a moment. */
  'PostgreSQL killed at a reply': async ({ postgres, databaseUrl }, _pick, replies) => {
    const family = await processesOf(databaseUrl);
    await within(REPLY_MS, 'a reply', replies.next());
    for (const pid of [postgres.pid(), ...family]) kill(pid);
    await postgres.kill('SIGKILL');
    await postgres.restart();
  },
  'PostgreSQL paused': async ({ postgres }, pick) => {
    await postgres.kill('SIGSTOP');
    await sleep(pick([1_000, 8_000])).finally(() => postgres.kill('SIGCONT'));
  },
  'NATS killed': async ({ nats }) => {
    await nats.kill('SIGKILL');
    await sleep(500);
    await nats.restart();
  },
  'NATS paused': async ({ nats }, pick) => {
    await nats.kill('SIGSTOP');
    await sleep(pick([1_000, 8_000])).finally(() => nats.kill('SIGCONT'));
  },
  'NATS disk lost': async ({ nats }) => {
    await nats.kill('SIGKILL');
    await nats.wipe();
    await nats.restart();
  },
  'everything killed': async ({ postgres, nats, processes }) => {
    for (const one of processes) one.signal('SIGKILL');
    await Promise.all([postgres.kill('SIGKILL'), nats.kill('SIGKILL')]);
    await Promise.all([postgres.restart(), nats.restart()]);
    await Promise.all(processes.map((one) => one.restart()));
  },
  'lines cut': async (cluster, pick) => {
    const { postgres, nats } = pick(cluster.processes).lines;
    for (const line of [postgres, nats]) line.cut();
    await sleep(1_000);
    for (const line of [postgres, nats]) line.mend();
  },
  'lines slow': async (cluster, pick) => {
    const { postgres, nats } = pick(cluster.processes).lines;
    for (const line of [postgres, nats]) line.delay(pick([20, 200]));
    await sleep(5_000);
    for (const line of [postgres, nats]) line.mend();
  },
  /** Both ends think that the line is good. */
  'line to PostgreSQL silent one way': (cluster, pick) =>
    silent(pick(cluster.processes).lines.postgres, pick),
  'line to NATS silent one way': (cluster, pick) => silent(pick(cluster.processes).lines.nats, pick),
  'clock wrong for a while': async (cluster, pick) => {
    const victim = pick(cluster.processes);
    victim.moveClock(pick(CLOCK_OFFSETS_MS));
    await sleep(5_000);
    victim.moveClock(0);
  },
  'effects refused for a while': refuseEffects,
  'disk of PostgreSQL full': fillDisk,
} satisfies Record<string, Fault>;

/** Ends a process, if it is still there. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function paused(victim: ServiceProcess, meanwhile: () => Promise<void>): Promise<void> {
  victim.signal('SIGSTOP');
  await meanwhile().finally(() => victim.signal('SIGCONT'));
}

async function silent(line: Line, pick: Pick): Promise<void> {
  line.drop(pick(['up', 'back']));
  await sleep(pick([2_000, 10_000]));
  line.mend();
}

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** Longer than any fault and the start after it take. */
const FAULT_MS = 240_000;
const REPLY_MS = 30_000;

export interface FaultOptions {
  names: readonly FaultName[];
  seconds: number;
  random: () => number;
  replies: Replies;
  print: (line: string) => void;
  note: Note;
}

/**
 * One fault after the other, each of the names in each round and the rounds shuffled; no names: waits. A fault that does
 * not end, or after which something does not start again, is noted and is the last one.
 * @returns how often each was injected
 */
export async function faults(
  cluster: Cluster,
  { names, seconds, random, replies, print, note }: FaultOptions,
): Promise<Record<string, number>> {
  const pick: Pick = (from) => from[Math.floor(random() * from.length)] as (typeof from)[number];
  const injected: Record<string, number> = {};
  const until = performance.now() + seconds * 1_000;
  let round: FaultName[] = [];
  if (names.length === 0) await sleep(seconds * 1_000);
  while (names.length > 0 && performance.now() < until) {
    await sleep(1_000 + random() * 2_000);
    if (round.length === 0) round = [...names];
    const [name] = round.splice(Math.floor(random() * round.length), 1) as [FaultName];
    print(name);
    injected[name] = (injected[name] ?? 0) + 1;
    try {
      await within(FAULT_MS, name, (FAULTS[name] as Fault)(cluster, pick, replies));
    } catch (error) {
      note('stuck', `after ${name}: ${(error as Error).message}`);
      break;
    }
  }
  return injected;
}
