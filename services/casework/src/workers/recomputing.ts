import { setTimeout as sleep } from 'node:timers/promises';
import { periodically, type Worker } from '@lienthong/kit';
import { recompute } from '../domain/deadlines/recompute.ts';
import { isClosed } from '../domain/dossier/status.ts';
import { FIRST_ID, lockAffected } from '../store/affected.ts';
import {
  endRecomputation,
  firstRecomputation,
  forgetLeft,
  lockFirstRecomputation,
  lockLeft,
  moveRecomputation,
  noteLeft,
  transactionsNow,
} from '../store/recomputations.ts';
import { type Batch, changeDossiers, type Parts, refusalLog } from './platform-batch.ts';

export interface RecomputingParts extends Parts {
  everyMs: number;
}

export interface Recomputing extends Worker {
  /** Computes what is recorded for it, and tries again what was left; resolves to how many dossiers changed. */
  recomputeDue(): Promise<number>;
}

/** PostgreSQL ends a transaction of this platform that says nothing for 15 s; others may last and are no concern. */
const OTHERS_MS = 20_000;
const POLL_MS = 10;
/** What could not be computed waits for clocks or tables to be put right, by people. */
const RETRY_MS = 15_000;

/**
 * Computes the deadlines of open work again after a change of the calendar, in batches: each moves the mark of how far
 * the change has been carried out in its own transaction, so that whoever goes on after a restart does nothing twice.
 * A dossier that cannot be computed is left, and tried again until it can.
 */
export function createRecomputing({ everyMs, ...parts }: RecomputingParts): Recomputing {
  const { db, log, events } = parts;
  const tellRefused = refusalLog(log, 'computing the deadlines of a dossier');
  /** The recomputation before which everybody under way has finished. */
  let settled: number | undefined;
  /** By the process's own time. */
  let retryAt = 0;
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
    if (performance.now() >= retryAt) changed += await recomputeLeft();
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
      noteLeft(tx, why, [...done.refused.keys()], computedOf(done));
      const last = done.locked.at(-1);
      if (last === undefined) endRecomputation(tx, id);
      else moveRecomputation(tx, id, last);
      return done;
    });
    if (batch && batch.changed > 0) events.appended();
    return batch;
  }

  async function recomputeLeft(): Promise<number> {
    retryAt = performance.now() + RETRY_MS;
    let changed = 0;
    let after: string | undefined = FIRST_ID;
    while (after !== undefined) {
      const batch = await leftBatch(after);
      tellRefused(batch);
      changed += batch.changed;
      after = batch.locked.at(-1);
    }
    return changed;
  }

  async function leftBatch(after: string): Promise<Batch> {
    const batch = await db.transaction(async (tx) => {
      const { dossiers, whys } = await lockLeft(tx, after);
      const done = await changeDossiers(parts, tx, Promise.resolve(dossiers), (dossier, world, now) => {
        const why = whys.get(dossier.id);
        return why && !isClosed(dossier) ? recompute(dossier, world, now, why) : {};
      });
      forgetLeft(tx, computedOf(done));
      return done;
    });
    if (batch.changed > 0) events.appended();
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
  function run(): Promise<number> {
    const next = running.then(recomputeAll, recomputeAll);
    running = next.catch(() => {});
    return next;
  }

  const check = async () => void (await run());
  return {
    ...periodically('recomputing', everyMs, log, check),
    recomputeDue() {
      retryAt = 0;
      return run();
    },
  };
}

const computedOf = ({ locked, refused }: Batch): string[] => locked.filter((id) => !refused.has(id));
