import {
  type Clock,
  type Database,
  type DueWorker,
  dueWorker,
  type Logger,
  vietnamDate,
} from '@lienthong/kit';

export interface RerouteWorkerDeps {
  name?: string;
  db: Database;
  clock: Clock;
  log: Logger;
  everyMs: number;
  /** The service's copy of the directory; `refresh` brings it up to date. */
  reference: { refresh(db: Database): Promise<unknown> };
  /** Grows with every change that `reroute` depends on. */
  revision(): number;
  /**
   * Reroutes what the ended agencies hold at the date, in batches; yields how many items each batch moved. Called again
   * on the same day, it finds what is left.
   */
  reroute(today: string): AsyncIterable<number>;
}

/** A command may begin before an end is known and commit after it, so the worker runs without a change too. */
const UNCHANGED_MS = 15_000;

/**
 * The due worker that moves open work to successors: it runs when the directory changes, when a date begins (an
 * announced end comes) and every 15 s. A run that a caller awaits always looks.
 */
export function rerouteWorker({
  name = 'rerouting',
  db,
  clock,
  log,
  everyMs,
  reference,
  revision,
  reroute,
}: RerouteWorkerDeps): DueWorker {
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
      let moved = 0;
      for await (const n of reroute(state.today)) {
        moved += n;
        yield n;
      }
      if (moved > 0)
        log.info({ moved, worker: name }, 'agencies have ended: what they held was moved or ended');
      done = { ...state, at: performance.now() };
    },
  });
}
