import { type DueWorker, dueWorker, pause } from '@lienthong/kit';
import { recompute } from '../domain/deadlines/recompute.ts';
import { isClosed } from '../domain/dossier/status.ts';
import { FIRST_ID, lockAffected } from '../store/affected.ts';
import {
  endRecomputation,
  firstRecomputation,
  forgetUncomputed,
  lockFirstRecomputation,
  lockUncomputed,
  moveRecomputation,
  recordUncomputed,
  transactionsNow,
} from '../store/recomputations.ts';
import { type Batch, changeDossiers, createRefusalLog, type PlatformDeps } from './platform-batch.ts';

/** PostgreSQL ends an idle transaction of this platform after 15 s; other transactions may last longer. */
const MAX_WAIT_MS = 20_000;
const POLL_MS = 10;
/** How often refused dossiers are retried. Most wait until a person corrects a clock or a calendar. */
const RETRY_MS = 15_000;

/**
 * Computes the deadlines of open work again after a change of the calendar, in batches. Each batch records its progress
 * in its own transaction, so that a restart repeats nothing. A dossier that cannot be computed is recorded and retried.
 */
export function createRecomputing({ everyMs, ...deps }: PlatformDeps & { everyMs: number }): DueWorker {
  const { db, log } = deps;
  const logRefused = createRefusalLog(log, 'computing the deadlines of a dossier');
  /** The recomputation for which all earlier transactions have ended. */
  let settled: number | undefined;
  /** When refused dossiers are retried, on the scale of `performance.now()`. */
  let retryAt = 0;

  async function recomputeBatch(): Promise<Batch | undefined> {
    const batch = await db.transaction(async (tx) => {
      const first = await lockFirstRecomputation(tx);
      // Another process has finished it meanwhile.
      if (first === undefined || first.id !== settled) return undefined;
      const { id, agencyId, doneTo, ...trigger } = first;
      const affected = lockAffected(tx, agencyId, doneTo);
      const done = await changeDossiers(deps, tx, affected, (dossier, world, now) =>
        recompute(dossier, world, now, trigger),
      );
      recordUncomputed(tx, trigger, [...done.refused.keys()], computedOf(done));
      const last = done.locked.at(-1);
      if (last === undefined) endRecomputation(tx, id);
      else moveRecomputation(tx, id, last);
      return done;
    });
    return batch;
  }

  async function retryBatch(after: string): Promise<Batch> {
    const batch = await db.transaction(async (tx) => {
      const { dossiers, triggers } = await lockUncomputed(tx, after);
      const done = await changeDossiers(deps, tx, Promise.resolve(dossiers), (dossier, world, now) => {
        const trigger = triggers.get(dossier.id);
        return trigger && !isClosed(dossier) ? recompute(dossier, world, now, trigger) : {};
      });
      forgetUncomputed(tx, computedOf(done));
      return done;
    });
    return batch;
  }

  /**
   * Waits for commands that read the old calendar: they could commit a deadline after its dossier was computed. A
   * writing transaction gets its id before it reads, so none is left once all transactions with lower ids have ended.
   */
  async function waitForEarlierTransactions(signal: AbortSignal): Promise<void> {
    const { next } = await transactionsNow(db);
    const until = performance.now() + MAX_WAIT_MS;
    while (!signal.aborted && (await transactionsNow(db)).oldest < next && performance.now() < until)
      await pause(POLL_MS, signal);
  }

  return dueWorker({
    name: 'recomputing',
    log,
    everyMs,
    async *work({ requested, signal }) {
      let changed = 0;
      for (let id = await firstRecomputation(db); id !== undefined; id = await firstRecomputation(db)) {
        if (id !== settled) await waitForEarlierTransactions(signal);
        if (signal.aborted) return;
        settled = id;
        const batch = await recomputeBatch();
        if (batch === undefined) continue;
        logRefused(batch);
        changed += batch.changed;
        yield batch.changed;
      }
      if (requested || performance.now() >= retryAt) {
        retryAt = performance.now() + RETRY_MS;
        for (let after: string | undefined = FIRST_ID; after !== undefined; ) {
          const batch = await retryBatch(after);
          logRefused(batch);
          changed += batch.changed;
          yield batch.changed;
          after = batch.locked.at(-1);
        }
      }
      if (changed > 0) log.info({ changed }, 'deadlines computed again');
    },
  });
}

const computedOf = ({ locked, refused }: Batch): string[] => locked.filter((id) => !refused.has(id));
