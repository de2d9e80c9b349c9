/** Functions for the test of threads. */
export const double = (n: number): number => n * 2;
export function fail(message: string): never {
  throw new TypeError(message);
}
/** Holds its thread until another thread sets the flag. */
export function hold(flag: SharedArrayBuffer): string {
  Atomics.wait(new Int32Array(flag), 0, 0);
  return 'released';
}
export function spin(): never {
  for (;;);
}
export function grow(): number {
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => i + kept.length));
}
