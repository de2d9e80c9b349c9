import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './log.ts';
import type { Worker } from './service.ts';

/**
 * Runs a task at once and again `everyMs` after each end. A failure is logged; the task runs again after the pause.
 * @param everyMs the pause, or a function that returns it after each run
 */
export function periodically(
  name: string,
  everyMs: number | (() => number),
  log: Logger,
  task: () => Promise<void>,
): Worker {
  const stopping = new AbortController();
  let finished: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await task();
      } catch (err) {
        log.warn({ err, worker: name }, 'worker failed; will run again');
      }
      await sleep(typeof everyMs === 'number' ? everyMs : everyMs(), undefined, {
        signal: stopping.signal,
      }).catch(() => {});
    }
  }

  return {
    name,
    async start() {
      finished = run();
    },
    async stop() {
      stopping.abort();
      await finished;
    },
  };
}
