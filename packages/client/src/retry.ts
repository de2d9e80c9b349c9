import { setTimeout as sleep } from 'node:timers/promises';
import { Status } from 'nice-grpc-common';
import { LienThongError } from './errors.ts';

const BASE_DELAY_MS = 100;
const MAX_DELAY_MS = 3_000;

/** A moment on the monotonic clock after which nothing is tried any more. */
export type Deadline = number;
export const deadlineIn = (ms: number): Deadline => performance.now() + ms;
export const remainingMs = (deadline: Deadline): number => deadline - performance.now();

/**
 * Whether the same call may be sent again: the platform or the line was away, or the platform named a delay.
 * CANCELLED is a server that stops (a caller's own cancel is an AbortError); RST_STREAM is a connection that broke.
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

/** A wait before try number `tried + 1`: what the platform asked for, and beyond it exponential with full jitter. */
const delayMs = (error: LienThongError, tried: number): number =>
  (error.retryAfterMs ?? 0) + Math.random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (tried - 1));

/**
 * Makes tries until one succeeds.
 * @param attempt one try, given what is left of the whole
 * @throws the last try's error, when it is not transient or the deadline would pass before another try
 */
export async function retrying<T>(
  attempt: (remainingMs: number) => Promise<T>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<T> {
  const deadline = deadlineIn(timeoutMs);
  for (let tried = 1; ; tried++) {
    try {
      return await attempt(remainingMs(deadline));
    } catch (error) {
      await beforeNextTry(error, tried, deadline, signal);
    }
  }
}

/** Waits before the next try; throws `error` when there is to be none. */
export async function beforeNextTry(
  error: unknown,
  tried: number,
  deadline: Deadline,
  signal?: AbortSignal,
): Promise<void> {
  if (!isTransient(error)) throw error;
  const delay = delayMs(error, tried);
  if (delay >= remainingMs(deadline)) throw error;
  await sleep(delay, undefined, { signal });
}
