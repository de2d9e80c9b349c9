const HOUR_MS = 3_600_000;

/** Limits failed attempts per key and hour. */
export interface Attempts {
  /**
   * Counts the attempt of a call, once however often the call is carried out. Returns 0 when it is allowed, else the
   * milliseconds until the next one is.
   */
  begin(key: string, call: { now: Date }): number;
  /** Takes the attempt of a call back, because it did not fail. */
  succeeded(key: string, call: { now: Date }): void;
}

/**
 * Allows `limit` failed attempts per key in the hour from the first. An attempt counts when it begins, so that parallel
 * attempts cannot exceed the limit. The counts are in this process's memory, for at most `keys` keys: beyond that the
 * oldest key is dropped, so a caller who tries that many other keys gets `limit` attempts again.
 */
export function createAttempts({ limit, keys }: { limit: number; keys: number }): Attempts {
  // A Map keeps the order of insertion, so the key whose hour began first comes first.
  const hours = new Map<string, { since: number; count: number }>();
  const counted = new WeakSet<object>();

  function forget(now: number): void {
    for (const [key, { since }] of hours) {
      if (hours.size <= keys && now < since + HOUR_MS) return;
      hours.delete(key);
    }
  }

  return {
    begin(key, call) {
      if (counted.has(call)) return 0;
      const now = call.now.getTime();
      forget(now);
      const hour = hours.get(key);
      if (hour === undefined) {
        hours.set(key, { since: now, count: 1 });
        forget(now);
      } else {
        if (hour.count >= limit) return hour.since + HOUR_MS - now;
        hour.count += 1;
      }
      counted.add(call);
      return 0;
    },
    succeeded(key, call) {
      const hour = hours.get(key);
      if (!counted.delete(call) || hour === undefined) return;
      hour.count -= 1;
      if (hour.count === 0) hours.delete(key);
    },
  };
}
