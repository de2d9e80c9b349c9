import { setImmediate } from 'node:timers/promises';

/** No request holds the main thread longer. */
export const LONGEST_TURN_MS = 50;
/** A turn also has what the runtime does then, such as collecting garbage: the best of so many tries counts. */
export const TRIES = 6;

/** The most CPU time that this thread spent in one turn of its loop, in milliseconds; other processes do not count. */
export async function longestTurn(carryOut: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let isOver = false;
  const measure = async () => {
    for (let before = process.threadCpuUsage(); !isOver; ) {
      await setImmediate();
      const after = process.threadCpuUsage();
      longest = Math.max(longest, after.user + after.system - before.user - before.system);
      before = after;
    }
  };
  const measured = measure();
  try {
    await carryOut();
  } finally {
    isOver = true;
    await measured;
  }
  return longest / 1_000;
}

/** The longest turn of the best of several tries; the first one under the limit ends them. */
export async function longestTurnAtBest(carryOut: (attempt: number) => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < TRIES && best > LONGEST_TURN_MS; n += 1)
    best = Math.min(best, await longestTurn(() => carryOut(n)));
  return best;
}
