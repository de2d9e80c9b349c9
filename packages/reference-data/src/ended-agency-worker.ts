import {
  type Clock,
  type Database,
  type DueWorker,
  dueWorker,
  type Logger,
  vietnamDate,
} from '@lienthong/kit';

export interface EndedAgencyWorkerDeps {
  name?: string;
  db: Database;
  clock: Clock;
  log: Logger;
  everyMs: number;
  /** The service's copy of the directory; `refresh` brings it up to date. */
  reference: { refresh(db: Database): Promise<unknown> };
  /** Grows with every change that `processEnded` depends on. */
  revision(): number;
  /**
   * Processes in batches what the ended agencies hold at the date: reroutes, frees or suspends it. Yields the number of
   * items that each batch changed. A second call on the same day finds what is left.
   */
  processEnded(today: string): AsyncIterable<number>;
}

/** A command may begin before an end is known and commit after it, so the worker runs without a change too. */
const UNCHANGED_MS = 15_000;

/**
 * Creates the due worker that processes what ended agencies hold. It runs when the directory changes, when a date begins
 * (an announced end comes) and every 15 s. A run that a caller awaits always calls `processEnded`.
 */
export function endedAgencyWorker({
  name = 'rerouting',
  db,
  clock,
  log,
  everyMs,
  reference,
  revision,
  processEnded,
}: EndedAgencyWorkerDeps): DueWorker {
  let done = { today: '', revision: -1, at: 0 };
  return dueWorker({
    name,
    log,
    everyMs,
    async *work({ requested }) {
      await reference.refresh(db);
      const state = { today: vietnamDate(clock.now()), revision: revision() };
      const isSame = state.today === done.today && state.revision === done.revision;
      if (!requested && isSame && performance.now() - done.at < UNCHANGED_MS) return;
      let changed = 0;
      for await (const n of processEnded(state.today)) {
        changed += n;
        yield n;
      }
      if (changed > 0)
        log.info({ moved: changed, worker: name }, 'agencies have ended: what they held was moved or ended');
      done = { ...state, at: performance.now() };
    },
  });
}
