export interface BatchLimits<T> {
  items: number;
  /** A batch ends with the item that reaches it. */
  size: number;
  sizeOf(item: T): number;
}

/**
 * What is there at once, together: the first item is waited for, further ones are not. It reads one item ahead, so the
 * caller ends the source itself when it stops early.
 */
export async function* batchesOf<T>(
  source: AsyncGenerator<T, void, undefined>,
  { items, size, sizeOf }: BatchLimits<T>,
): AsyncGenerator<T[], void, undefined> {
  const read = () => {
    const next = source.next();
    // Whatever it throws is thrown when it is awaited, which may be after the batch before it was handled.
    next.catch(() => {});
    return next;
  };
  let next = read();
  for (;;) {
    const first = await next;
    if (first.done) return;
    const batch = [first.value];
    let sum = sizeOf(first.value);
    next = read();
    while (batch.length < items && sum < size) {
      const more = await Promise.race([next, soon()]);
      if (more === undefined || more.done) break;
      batch.push(more.value);
      sum += sizeOf(more.value);
      next = read();
    }
    yield batch;
  }
}

const soon = () => new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
