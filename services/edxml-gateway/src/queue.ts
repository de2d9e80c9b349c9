/** What one loop adds and another takes in batches. */
export interface Queue<T> {
  /** Resolves when there is room for more. */
  add(item: T): Promise<void>;
  /** All that is there, at least one. @throws the error of `fail`, after what was there */
  next(): Promise<T[]>;
  fail(error: unknown): void;
}

export function createQueue<T>(max: number): Queue<T> {
  let items: T[] = [];
  let failed: { error: unknown } | undefined;
  let changed = Promise.withResolvers<void>();
  const notify = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  return {
    async add(item) {
      items.push(item);
      notify();
      while (items.length >= max && !failed) await changed.promise;
    },
    async next() {
      while (items.length === 0 && !failed) await changed.promise;
      if (items.length === 0) throw failed?.error;
      const taken = items;
      items = [];
      notify();
      return taken;
    },
    fail(error) {
      failed ??= { error };
      notify();
    },
  };
}
