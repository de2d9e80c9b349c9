import { type Database, type Logger, pause, type Worker } from '@lienthong/kit';
import type { CommandBus } from './command/bus.ts';
import { forgetReplies } from './command/requests.ts';
import { observeLog } from './metrics.ts';
import type { Operations } from './operations/operations.ts';

export interface HousekeepingOptions {
  db: Database;
  log: Logger;
  operations: Operations;
  buses: readonly CommandBus<never, never>[];
  rememberRequestsDays: number;
}

const EVERY_MS = 3_600_000;

/** Publishes the log's metrics, forgets old request ids hourly, and on stop waits for the commands in progress. */
export function housekeeping(options: HousekeepingOptions): Worker {
  const { db, log } = options;
  const stopping = new AbortController();
  let finished: Promise<void> = Promise.resolve();
  let stopObserving = () => {};

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(EVERY_MS, stopping.signal);
      try {
        while (!stopping.signal.aborted) {
          const forgotten = await db.transaction((tx) => forgetReplies(tx, options.rememberRequestsDays));
          if (forgotten === 0) break;
        }
      } catch (err) {
        log.warn({ err }, 'forgetting old requests failed; retrying in an hour');
      }
    }
  }

  return {
    name: 'housekeeping',
    async start() {
      stopObserving = observeLog(options.operations);
      finished = run();
    },
    async stop() {
      stopObserving();
      stopping.abort();
      await Promise.all([finished, ...options.buses.map((bus) => bus.drain())]);
    },
  };
}
