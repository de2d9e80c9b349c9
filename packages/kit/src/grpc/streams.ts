/** The items until the signal aborts, which throws its reason even while an item is waited for. */
export async function* takeUntil<T>(signal: AbortSignal, items: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  // Of the item that is waited for. Not `Promise.race` with one promise, which would keep every item until the end.
  let fail: (reason: unknown) => void = () => {};
  const abort = () => fail(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const step = await new Promise<IteratorResult<T>>((resolve, reject) => {
        fail = reject;
        iterator.next().then(resolve, reject);
      });
      if (step.done) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // Not awaited: it may wait for an item that never comes.
    void iterator.return?.();
  }
}

/**
 * The same steps of a generator that ends when the signal aborts: no item passes any more, and the signal's reason takes
 * the place of its end. A value that it returns is kept: what was done is done.
 */
export async function* throwFrom<T, R>(
  signal: AbortSignal,
  steps: AsyncGenerator<T, R, undefined>,
): AsyncGenerator<T, R, undefined> {
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done && step.value !== undefined) return step.value;
      signal.throwIfAborted();
      if (step.done) return step.value;
      yield step.value;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await steps.return(undefined as R);
  }
}
