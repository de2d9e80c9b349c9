/** A package is in memory as it is outside, as its parts, and on its way in or out. */
export const COPIES = 3;

/** Bounds what all packages in progress hold in memory; who waits is let in by turns. */
export interface Memory {
  /** Resolves to the release when there is room. What is larger than all the room runs alone. */
  hold(bytes: number): Promise<() => void>;
}

export function createMemory(roomBytes: number): Memory {
  let held = 0;
  const waiting: { bytes: number; enter: () => void }[] = [];
  const admit = () => {
    for (let next = waiting[0]; next && (held === 0 || held + next.bytes <= roomBytes); next = waiting[0]) {
      waiting.shift();
      held += next.bytes;
      next.enter();
    }
  };
  return {
    async hold(bytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ bytes, enter: resolve });
      admit();
      await promise;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        held -= bytes;
        admit();
      };
    },
  };
}
