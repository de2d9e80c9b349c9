/** Resolves as the promise does. Rejects with words when it is still open after `ms`; what it waits for goes on. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing after ${ms / 1_000} s`)), ms);
  });
  // A rejection that comes after the bound is nobody's.
  promise.catch(() => {});
  return Promise.race([promise, bound]).finally(() => clearTimeout(timer));
}
