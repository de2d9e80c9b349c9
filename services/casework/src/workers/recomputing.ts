import { setTimeout as sleep } from 'node:timers/promises';
import { periodically, type Worker } from '@lienthong/kit';
import { recompute } from '../domain/recompute.ts';
import { lockAffected } from '../store/affected.ts';
import {
  endRecomputation,
  firstRecomputation,
  lockFirstRecomputation,
  moveRecomputation,
  transactionsNow,
} from '../store/recomputations.ts';
import { type Batch, changeDossiers, type Parts, refusalLog } from './platform-batch.ts';

export interface RecomputingParts extends Parts {
  everyMs: number;
}

export interface Recomputing extends Worker {
  /** Computes what is recorded for it; resolves to how many dossiers changed. */
  recomputeDue(): Promise<number>;
}

/** PostgreSQL ends a transaction of this platform that says nothing for 15 s; others may last and are no concern. */
const OTHERS_MS = 20_000;
const POLL_MS = 10;

/**
 * Computes the deadlines of open work again after a change of the calendar, in batches: each moves the mark of how far
 * the change has been carried out in its own transaction, so that whoever goes on after a restart does nothing twice.
 */
export function createRecomputing({ everyMs, ...parts }: RecomputingParts): Recomputing {
  const { db, log, events } = parts;
  const tellRefused = refusalLog(log, 'computing the deadlines of a dossier');
  /** The recomputation before which everybody under way has finished. */
  let settled: number | undefined;
  let running: Promise<unknown> = Promise.resolve();

  async function recomputeAll(): Promise<number> {
    let changed = 0;
    for (let id = await firstRecomputation(db); id !== undefined; id = await firstRecomputation(db)) {
      if (id !== settled) await othersToFinish();
      settled = id;
      const batch = await recomputeBatch();
      if (batch === undefined) continue;
      tellRefused(batch);
      changed += batch.changed;
    }
    if (changed > 0) log.info({ changed }, 'deadlines computed again');
    return changed;
  }

  async function recomputeBatch(): Promise<Batch | undefined> {
    const batch = await db.transaction(async (tx) => {
      const first = await lockFirstRecomputation(tx);
      // Another process has just finished the one meant.
      if (first === undefined || first.id !== settled) return undefined;
      const { id, agencyId, doneTo, ...why } = first;
      const affected = lockAffected(tx, agencyId, doneTo);
      const done = await changeDossiers(parts, tx, affected, (dossier, world, now) =>
        recompute(dossier, world, now, why),
      );
      const last = done.locked.at(-1);
      if (last === undefined) endRecomputation(tx, id);
      else moveRecomputation(tx, id, last);
      return done;
    });
    if (batch && batch.changed > 0) events.appended();
    return batch;
  }

  /**
   * A command that read the calendar before it changed may commit a deadline after the dossiers were gone through.
   * Whoever writes has an id from before its reading; so once all ids of this moment are done, nobody is left.
   */
  async function othersToFinish(): Promise<void> {
    const { next } = await transactionsNow(db);
    const until = Date.now() + OTHERS_MS;
    while ((await transactionsNow(db)).oldest < next && Date.now() < until) await sleep(POLL_MS);
  }

  /** One at a time: a second run waits, then finds what is left. */
  function recomputeDue(): Promise<number> {
    const run = running.then(recomputeAll, recomputeAll);
    running = run.catch(() => {});
    return run;
  }

  const check = async () => void (await recomputeDue());
  return { ...periodically('recomputing', everyMs, log, check), recomputeDue };
}
