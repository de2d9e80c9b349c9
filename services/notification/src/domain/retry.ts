/** So often a provider may refuse a message for a time; over about six hours, then it has failed. */
export const MOST_FAILURES = 12;
const FIRST_MS = 30_000;
const LONGEST_MS = 3_600_000;
/** A provider that asks for more than a day is asked again after a day. */
const LONGEST_ASKED_MS = 86_400_000;

/**
 * When a message is tried again after it was refused for a time: half a minute, twice as long each time, at most an
 * hour, a quarter more or less; never before the provider wants it (Retry-After).
 * @param chance from 0 to 1
 */
export function nextTry(failures: number, now: Date, chance: number, retryAfterMs = 0): Date {
  const backoff = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS) * (0.75 + 0.5 * chance);
  return new Date(now.getTime() + Math.max(backoff, Math.min(retryAfterMs, LONGEST_ASKED_MS)));
}
