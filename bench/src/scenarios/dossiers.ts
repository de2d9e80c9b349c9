import type { Agency } from '../agencies.ts';
import { percentile } from '../load.ts';
import { completion, lodging, STEPS } from '../procedure.ts';
import type { AgencyCalls, Target } from '../target.ts';

export interface DossierFigures {
  commandsPerSecond: number;
  /** Milliseconds of one command. */
  p50: number;
  p99: number;
}

/** One dossier from lodging to its result: five durable commands, each timed. */
export async function wholeDossier(calls: AgencyCalls, timed: (ms: number) => void): Promise<void> {
  let start = performance.now();
  const lap = () => {
    const now = performance.now();
    timed(now - start);
    start = now;
  };
  const { dossierId } = await calls.lodgeDossier(lodging());
  lap();
  for (let taskNumber = 1; taskNumber <= STEPS; taskNumber += 1) {
    await calls.completeTask(completion(dossierId, taskNumber));
    lap();
  }
}

/** Repeats the commands with `callers` agencies at the same time for a number of seconds. */
export async function dossierCommands(
  target: Target,
  agencies: readonly Agency[],
  callers: number,
  seconds: number,
): Promise<DossierFigures> {
  const clients = await Promise.all(agencies.slice(0, callers).map(({ id }) => target.as(id)));
  const run = async (length: number) => {
    const samples: number[] = [];
    const begun = performance.now();
    const until = begun + length * 1_000;
    await Promise.all(
      clients.map(async (calls) => {
        while (performance.now() < until) await wholeDossier(calls, (ms) => samples.push(ms));
      }),
    );
    return { samples, seconds: (performance.now() - begun) / 1_000 };
  };
  await run(3);
  const { samples, seconds: took } = await run(seconds);
  await target.quiet();
  return {
    commandsPerSecond: samples.length / took,
    p50: percentile(samples, 0.5),
    p99: percentile(samples, 0.99),
  };
}
