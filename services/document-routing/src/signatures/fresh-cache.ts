import type { Clock } from '@lienthong/kit';

/** A result, and until when computing it again gives nothing else; in ms. */
export interface Fresh {
  until: number;
}

/** Results by key while they are fresh. */
export interface FreshCache<T extends Fresh> {
  /** Computes a result that is not there; calls at the same time share it. An error is not kept. */
  get(key: string, compute: () => Promise<T>): Promise<T>;
  /** Replaces a result. */
  set(key: string, value: T): void;
}

/** @param max the most results; the oldest leaves first */
export function freshCache<T extends Fresh>(clock: Clock, max: number): FreshCache<T> {
  const kept = new Map<string, { until: number; value: Promise<T> }>();

  function put(key: string, entry: { until: number; value: Promise<T> }): void {
    kept.delete(key);
    kept.set(key, entry);
    if (kept.size > max) kept.delete(kept.keys().next().value as string);
  }

  return {
    async get(key, compute) {
      const found = kept.get(key);
      if (found && clock.now().getTime() < found.until) return found.value;
      const entry = { until: Number.POSITIVE_INFINITY, value: compute() };
      put(key, entry);
      try {
        const value = await entry.value;
        entry.until = value.until;
        return value;
      } catch (error) {
        if (kept.get(key) === entry) kept.delete(key);
        throw error;
      }
    },
    set: (key, value) => put(key, { until: value.until, value: Promise.resolve(value) }),
  };
}
