const HOUR_MS = 3_600_000;

/** Limits failed attempts per key and hour. */
export interface Attempts {
  /** Counts an attempt. Returns 0 when it is allowed, else the milliseconds until the next one is. */
  begin(key: string, now: number): number;
  /** Takes an attempt back that did not fail. */
  succeeded(key: string): void;
}

/**
 * Allows `limit` failed attempts per key in the hour from the first. An attempt counts when it begins, so that parallel
 * attempts cannot exceed the limit. The counts are in this process's memory, for at most `keys` keys: beyond that the
 * oldest key is dropped, so a caller who tries that many other keys gets `limit` attempts again.
 */
export function createAttempts({ limit, keys }: { limit: number; keys: number }): Attempts {
  // A Map keeps the order of insertion, so the key whose hour began first comes first.
  const hours = new Map<string, { since: number; count: number }>();

  function forget(now: number): void {
    for (const [key, { since }] of hours) {
      if (hours.size <= keys && now < since + HOUR_MS) return;
      hours.delete(key);
    }
  }

  return {
    begin(key, now) {
      forget(now);
      const hour = hours.get(key);
      if (hour === undefined) {
        hours.set(key, { since: now, count: 1 });
        forget(now);
        return 0;
      }
      if (hour.count >= limit) return hour.since + HOUR_MS - now;
      hour.count += 1;
      return 0;
    },
    succeeded(key) {
      const hour = hours.get(key);
      if (hour === undefined) return;
      hour.count -= 1;
      if (hour.count === 0) hours.delete(key);
    },
  };
}
