const HOUR_MS = 3_600_000;

/** How often something may fail in an hour, per key. */
export interface Attempts {
  /** Counts an attempt; answers 0 when it may be made, else the milliseconds until the next may. */
  begin(key: string, now: number): number;
  /** The attempt was none of those to be limited. */
  succeeded(key: string): void;
}

/**
 * At most `limit` failed attempts per key in the hour from the first. Attempts count from their beginning, so that many
 * at once are no way around it. Kept in this process's memory, for at most `keys` keys: beyond that the oldest is
 * forgotten, so somebody who tries others that often gets `limit` more.
 */
export function createAttempts({ limit, keys }: { limit: number; keys: number }): Attempts {
  // A Map keeps the order of insertion, which is that of the hours' beginnings.
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
