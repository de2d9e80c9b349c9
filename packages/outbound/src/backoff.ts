/** Part of a wait by which jitter shortens or lengthens it. */
const SPREAD = 0.2;

/**
 * A wait between 80 and 120 % of `ms`, so that what failed together is not attempted together.
 * @param random from [0, 1)
 */
export const jittered = (ms: number, random: number): number =>
  Math.round(ms * (1 - SPREAD + 2 * SPREAD * random));

/** `firstMs` after the first failure, twice as long after each further one, at most `longestMs`. */
export const exponential = (
  failures: number,
  { firstMs, longestMs }: { firstMs: number; longestMs: number },
): number => Math.min(firstMs * 2 ** (failures - 1), longestMs);
