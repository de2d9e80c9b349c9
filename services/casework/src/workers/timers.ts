import { setTimeout as sleep } from 'node:timers/promises';
import { periodically, type Worker } from '@lienthong/kit';
import { fireTimers } from '../domain/deadlines/timers.ts';
import { lockDueTimers, nextTimer } from '../store/due-timers.ts';
import { type Batch, changeDossiers, type Parts, refusalLog } from './platform-batch.ts';

export interface TimersParts extends Parts {
  everyMs: number;
}

export interface Timers extends Worker {
  /** Fires what is due by now; resolves to how many dossiers changed, when all that can be fired has been. */
  fireDue(): Promise<number>;
}

/** While one batch is written the next is read: more would only wait for the disk. */
const LANES = 2;
/** With so many dossiers that cannot be fired now, something else has to be done first. */
const MAX_REFUSED = 5_000;
const LOCKED_MS = 10;

const clamp = (ms: number, most: number): number => Math.min(most, Math.max(1, ms));

/**
 * Fires timers as they come due. Stage and event are one transaction under the dossier's lock: however many processes
 * do this at once, and whenever one of them dies, each stage is told once. What came due while nobody was there is due
 * now.
 */
export function createTimers({ everyMs, ...parts }: TimersParts): Timers {
  const { db, clock, log, events } = parts;
  const tellRefused = refusalLog(log, 'firing the timers of a dossier');
  let stopping = false;
  let running: Promise<unknown> = Promise.resolve();
  let nextInMs = everyMs;

  async function fireAll(): Promise<number> {
    const until = clock.now();
    const refused = new Set<string>();
    let changed = 0;
    do {
      const fired = await Promise.all(Array.from({ length: LANES }, () => fireSome(until, refused)));
      changed += fired.reduce((sum, n) => sum + n, 0);
    } while (!stopping && refused.size === 0 && (await isStillDue(until)));
    if (changed > 0) log.debug({ changed }, 'timers fired');
    return changed;
  }

  /** @param refused what is to be passed over in this run; grows */
  async function fireSome(until: Date, refused: Set<string>): Promise<number> {
    let changed = 0;
    while (!stopping && refused.size < MAX_REFUSED) {
      const batch = await fireBatch(until, [...refused]);
      // When none of them has anything to fire, asking again would bring the same ones.
      if (batch.changed === 0 && batch.refused.size === 0) break;
      tellRefused(batch);
      for (const id of batch.refused.keys()) refused.add(id);
      changed += batch.changed;
    }
    return changed;
  }

  async function fireBatch(until: Date, except: readonly string[]): Promise<Batch> {
    const batch = await db.transaction((tx) =>
      changeDossiers(parts, tx, lockDueTimers(tx, until, except), fireTimers),
    );
    if (batch.changed > 0) events.appended();
    return batch;
  }

  /** Somebody had what is left locked: a command that may change it, or another process that fires it. */
  async function isStillDue(until: Date): Promise<boolean> {
    const next = await nextTimer(db);
    nextInMs = next === undefined ? everyMs : clamp(next.getTime() - clock.now().getTime(), everyMs);
    if (next === undefined || next > until) return false;
    await sleep(LOCKED_MS);
    return true;
  }

  function fireDue(): Promise<number> {
    const run = running.then(fireAll, fireAll);
    running = run.catch(() => {});
    return run;
  }

  const worker = periodically(
    'timers',
    () => nextInMs,
    log,
    async () => {
      nextInMs = everyMs;
      await fireDue();
    },
  );
  return {
    ...worker,
    fireDue,
    async stop() {
      stopping = true;
      await worker.stop();
      await running;
    },
  };
}
