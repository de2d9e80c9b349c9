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

const NAMES = JSON.stringify(
  Array.from({ length: 1_000 }, (_, i) => `Ủy ban nhân dân xã số ${i}`.normalize('NFD')),
);
/** What `work` takes at the speed in which the limit is meant. */
const WORK_MS = 100;

function work(): number {
  let characters = 0;
  for (let n = 0; n < 250; n += 1)
    for (const name of JSON.parse(NAMES) as string[]) characters += name.normalize('NFC').length;
  return characters;
}

/** How much slower than that this thread is now, as where machines share a processor; at least 1. */
function slowness(): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return Math.max(1, (user + system) / 1_000 / WORK_MS);
}

/**
 * The longest turn of the best of several tries, in milliseconds of a thread at full speed; the first one under the
 * limit ends them.
 */
export async function longestTurnAtBest(carryOut: (attempt: number) => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < TRIES && best > LONGEST_TURN_MS; n += 1) {
    const turn = await longestTurn(() => carryOut(n));
    best = Math.min(best, turn > LONGEST_TURN_MS ? turn / slowness() : turn);
  }
  return best;
}
