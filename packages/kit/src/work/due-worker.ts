import type { Logger } from '../log.ts';
import type { Worker } from '../service.ts';
import { pause } from './pause.ts';
import { wakeup } from './wakeup.ts';

export interface Run {
  /** True when a caller awaits the run; a run by timer may skip what it knows is done. */
  requested: boolean;
  /** Aborts when the worker stops. */
  signal: AbortSignal;
  /** Notes when the next item is due, so that the worker does not wait the whole `everyMs`. */
  nextRunIn(ms: number): void;
}

export interface DueWorkerOptions {
  name: string;
  log: Logger;
  /** The longest pause between two runs. */
  everyMs: number;
  /**
   * Does everything that is due, in batches: yields the number of items that each batch changed. The worker stops it
   * between two batches.
   */
  work(run: Run): AsyncIterable<number>;
}

export interface DueWorker extends Worker {
  /** Starts a run soon, without waiting for the timer. */
  wake(): void;
  /**
   * Resolves when everything that was due at the call is done, to the number of items changed. Rejects with the error
   * of the run, or when the worker stops first. Works without `start`. Calls during a run share the next one.
   */
  runDue(): Promise<number>;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 30_000;

/**
 * A loop for work that falls due. It runs at the start, after `everyMs`, when the next item is due and when woken: one
 * run at a time in this process. A failed run is logged and repeated after a pause that doubles from 100 ms to 30 s,
 * less up to half at random, so that processes do not fail in step; nothing shortens that pause.
 */
export function dueWorker({ name, log, everyMs, work }: DueWorkerOptions): DueWorker {
  const bell = wakeup();
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<unknown> = Promise.resolve();
  let awaited: Promise<number> | undefined;
  let looping: Promise<void> = Promise.resolve();
  let nextInMs = everyMs;

  function enqueue(run: () => Promise<number>): Promise<number> {
    const result = running.then(run);
    running = result.catch(() => {});
    return result;
  }

  async function runOnce(requested: boolean): Promise<number> {
    let changed = 0;
    nextInMs = everyMs;
    for await (const n of work({ requested, signal, nextRunIn })) {
      changed += n;
      if (signal.aborted) break;
    }
    if (signal.aborted) throw new Error(`${name} stopped before everything due was done`);
    return changed;
  }

  function nextRunIn(ms: number): void {
    nextInMs = Math.min(everyMs, Math.max(1, ms));
  }

  function runDue(): Promise<number> {
    awaited ??= enqueue(() => {
      awaited = undefined;
      return runOnce(true);
    });
    return awaited;
  }

  async function loop(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await enqueue(() => runOnce(false));
        failures = 0;
      } catch (err) {
        if (signal.aborted) return log.debug({ err, worker: name }, 'worker stopped during a run');
        const retryInMs = retryPauseMs(failures);
        failures += 1;
        log.warn({ err, worker: name, failures, retryInMs }, 'worker failed; will run again');
        await pause(retryInMs, signal);
        continue;
      }
      await bell.wait(nextInMs, signal);
    }
  }

  return {
    name,
    wake: bell.ring,
    runDue,
    async start() {
      looping = loop();
    },
    async stop() {
      stopping.abort();
      await Promise.all([looping, running]);
    },
  };
}

/** The pause after so many failures in a row: half of it is random. */
export const retryPauseMs = (failures: number): number => {
  const longest = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
  return Math.round(longest * (1 - Math.random() / 2));
};
