import { setTimeout as sleep } from 'node:timers/promises';
import { Status } from 'nice-grpc-common';
import { LienThongError } from './errors.ts';

const BASE_DELAY_MS = 100;
const MAX_DELAY_MS = 3_000;

/** A moment on the monotonic clock after which there is no further attempt. */
export type Deadline = number;
export const deadlineIn = (ms: number): Deadline => performance.now() + ms;
export const remainingMs = (deadline: Deadline): number => deadline - performance.now();

/**
 * Whether a retry may help: the platform was unreachable, the connection was lost, or the platform named a delay.
 * CANCELLED means that the server stops (a caller's own cancel is an AbortError); RST_STREAM, that the connection broke.
 */
export function isTransient(error: unknown): error is LienThongError {
  if (!(error instanceof LienThongError)) return false;
  if (error.retryAfterMs !== undefined) return true;
  switch (error.code) {
    case Status.UNAVAILABLE:
    case Status.DEADLINE_EXCEEDED:
    case Status.CANCELLED:
      return true;
    case Status.INTERNAL:
      return error.details.startsWith('Received RST_STREAM');
    default:
      return false;
  }
}

/** The wait after `attempts` attempts: the delay that the platform named, plus an exponential one with full jitter. */
const delayMs = (error: LienThongError, attempts: number): number =>
  (error.retryAfterMs ?? 0) + Math.random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (attempts - 1));

/**
 * Makes attempts until one succeeds.
 * @param attempt one attempt; receives the time that is left, in milliseconds
 * @throws the last attempt's error, when it is not transient or the deadline would pass before another attempt
 */
export async function retryUntilSuccess<T>(
  attempt: (remainingMs: number) => Promise<T>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<T> {
  const deadline = deadlineIn(timeoutMs);
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt(remainingMs(deadline));
    } catch (error) {
      await waitBeforeRetry(error, attempts, deadline, signal);
    }
  }
}

/** Waits before the next attempt; throws `error` when there is none. */
export async function waitBeforeRetry(
  error: unknown,
  attempts: number,
  deadline: Deadline,
  signal?: AbortSignal,
): Promise<void> {
  if (!isTransient(error)) throw error;
  const delay = delayMs(error, attempts);
  if (delay >= remainingMs(deadline)) throw error;
  await sleep(delay, undefined, { signal });
}
