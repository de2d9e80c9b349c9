import { setImmediate as yieldToCalls } from 'node:timers/promises';

/** A turn of long work: calls wait for no more than that and one step. */
const TURN_MS = 10;

/** Divides long work into turns: `next` after each step lets calls in when a turn has been long enough. */
export function takeTurns(): { next(): Promise<void> } {
  let began = performance.now();
  return {
    async next() {
      if (performance.now() - began < TURN_MS) return;
      await yieldToCalls();
      began = performance.now();
    },
  };
}
