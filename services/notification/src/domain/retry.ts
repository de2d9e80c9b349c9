import { exponential, jittered } from '@lienthong/outbound';

/** After this many temporary failures, over about six hours, a message has failed. */
export const MAX_FAILURES = 12;
const BACKOFF = { firstMs: 30_000, longestMs: 3_600_000 };
/** The longest wait that a provider may request. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/**
 * When the next attempt is due after a temporary failure: half a minute, doubled each time, at most an hour, with jitter;
 * not before the time that the provider requests (Retry-After).
 * @param random from [0, 1)
 */
export function nextAttemptAt(failures: number, now: Date, random: number, retryAfterMs = 0): Date {
  const wait = jittered(exponential(failures, BACKOFF), random);
  return new Date(now.getTime() + Math.max(wait, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)));
}
