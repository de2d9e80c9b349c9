/** Runs work on the same key one after the other, in the order of the calls; work on other keys runs at once. */
export interface Turns {
  /** Rejects like the work before it on one of its keys: what follows a failure must not overtake its repetition. */
  take<T>(keys: readonly string[], work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take(keys, work) {
      const result = Promise.all(keys.map((key) => last.get(key))).then(work);
      for (const key of keys) last.set(key, result);
      const forget = () => {
        for (const key of keys) if (last.get(key) === result) last.delete(key);
      };
      result.then(forget, forget);
      return result;
    },
  };
}
