import { type DueWorker, dueWorker, pause } from '@lienthong/kit';
import { fireTimers } from '../domain/deadlines/timers.ts';
import { lockDueTimers, nextTimer } from '../store/due-timers.ts';
import { type Batch, changeDossiers, createRefusalLog, type PlatformDeps } from './platform-batch.ts';

/** One lane reads its batch while the other writes; more lanes would only wait for the disk. */
const LANES = 2;
/** A run ends at so many refused dossiers: they have a common cause, which must be removed first. */
const MAX_REFUSED = 5_000;
const LOCKED_MS = 10;

/**
 * Fires timers when they are due, also those that came due while no process ran. Stage and event are one transaction
 * under the dossier's lock, so each stage fires once, with any number of processes and when one of them dies.
 */
export function createTimers({ everyMs, ...deps }: PlatformDeps & { everyMs: number }): DueWorker {
  const { db, clock, log } = deps;
  const logRefused = createRefusalLog(log, 'firing the timers of a dossier');

  /**
   * Fires one batch of what is due.
   * @param refused the dossiers that this run skips; this adds to it
   * @returns how many dossiers changed; undefined when no further batch can change any
   */
  async function fireBatch(until: Date, refused: Set<string>): Promise<number | undefined> {
    if (refused.size >= MAX_REFUSED) return undefined;
    const batch: Batch = await db.transaction((tx) =>
      changeDossiers(deps, tx, lockDueTimers(tx, until, [...refused]), fireTimers),
    );
    logRefused(batch);
    for (const id of batch.refused.keys()) refused.add(id);
    // When no dossier has anything to fire, the next batch would be the same.
    return batch.changed === 0 && batch.refused.size === 0 ? undefined : batch.changed;
  }

  /** Yields after each batch, while the other lanes go on. */
  async function* fireAll(until: Date, refused: Set<string>): AsyncGenerator<number> {
    const lanes = new Map<number, Promise<{ lane: number; changed: number | undefined }>>();
    const begin = (lane: number) =>
      lanes.set(
        lane,
        fireBatch(until, refused).then((changed) => ({ lane, changed })),
      );
    for (let lane = 0; lane < LANES; lane += 1) begin(lane);
    try {
      while (lanes.size > 0) {
        const { lane, changed } = await Promise.race(lanes.values());
        lanes.delete(lane);
        if (changed === undefined) continue;
        begin(lane);
        yield changed;
      }
    } finally {
      await Promise.allSettled(lanes.values());
    }
  }

  return dueWorker({
    name: 'timers',
    log,
    everyMs,
    async *work({ signal, nextRunIn }) {
      const until = clock.now();
      const refused = new Set<string>();
      while (true) {
        yield* fireAll(until, refused);
        if (refused.size > 0) return;
        const next = await nextTimer(db);
        if (next !== undefined) nextRunIn(next.getTime() - clock.now().getTime());
        if (next === undefined || next > until) return;
        // What is left is locked: by a command that may change it, or by another process that fires it.
        await pause(LOCKED_MS, signal);
        yield 0;
      }
    },
  });
}
