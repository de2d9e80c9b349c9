import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, ServiceProcess } from './cluster.ts';

type Fault = (cluster: Cluster, pick: <T>(from: readonly T[]) => T) => Promise<void>;

const FAULTS: Record<string, Fault> = {
  'services killed': async (cluster, pick) => {
    const victim = pick(cluster.processes);
    victim.signal('SIGKILL');
    await sleep(500);
    await victim.restart();
  },
  'services paused past their leadership': async (cluster, pick) => {
    const victim: ServiceProcess = pick(cluster.processes);
    victim.signal('SIGSTOP');
    await sleep(18_000);
    victim.signal('SIGCONT');
  },
  'PostgreSQL killed': async ({ postgres }) => {
    await postgres.kill('SIGKILL');
    await sleep(500);
    await postgres.restart();
  },
  'NATS killed': async ({ nats }) => {
    await nats.kill('SIGKILL');
    await sleep(500);
    await nats.restart();
  },
  'NATS disk lost': async ({ nats }) => {
    await nats.kill('SIGKILL');
    await nats.wipe();
    await nats.restart();
  },
};

/** One fault after the other, every kind in each round and the rounds shuffled. Returns how often each was injected. */
export async function faults(
  cluster: Cluster,
  seconds: number,
  random: () => number,
  print: (line: string) => void,
): Promise<Record<string, number>> {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const injected: Record<string, number> = {};
  const until = performance.now() + seconds * 1_000;
  let round: string[] = [];
  while (performance.now() < until) {
    if (round.length === 0) round = Object.keys(FAULTS);
    const [name] = round.splice(Math.floor(random() * round.length), 1) as [string];
    print(name);
    await (FAULTS[name] as Fault)(cluster, pick);
    injected[name] = (injected[name] ?? 0) + 1;
    await sleep(1_000 + random() * 2_000);
  }
  return injected;
}
