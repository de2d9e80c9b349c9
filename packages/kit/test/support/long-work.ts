/** Functions for the test of threads. */
import { refuse } from '../../src/errors.ts';

export const double = (n: number): number => n * 2;
export function fail(message: string): never {
  throw new TypeError(message);
}
export function refuseAge(): never {
  refuse({ kind: 'invalid-argument', reason: 'AGE_INVALID', message: 'must be a number' });
}
/** Neither can be cloned. */
export const giveFunction = (): unknown => double;
export function failWithFunction(): never {
  throw Object.assign(new TypeError('wrong'), { cause: double });
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
