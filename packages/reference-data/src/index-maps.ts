/** Adds a value to those kept under a key. */
export function include<T>(index: Map<string, Set<T>>, key: string, value: T): void {
  const values = index.get(key);
  if (values) values.add(value);
  else index.set(key, new Set([value]));
}

/** Takes a value from those kept under a key. */
export function exclude<T>(index: Map<string, Set<T>>, key: string, value: T): void {
  const values = index.get(key);
  if (values?.delete(value) && values.size === 0) index.delete(key);
}

const NONE: ReadonlySet<never> = new Set<never>();

export const membersOf = <T>(index: ReadonlyMap<string, Set<T>>, key: string): ReadonlySet<T> =>
  index.get(key) ?? NONE;
