/** Lets a fault come at the moment when a caller has got a reply. */
export interface Replies {
  /** A caller has got a reply. */
  came(): void;
  /** Resolves when the next reply has come. */
  next(): Promise<void>;
}

export function openReplies(): Replies {
  let waiting = Promise.withResolvers<void>();
  return {
    came() {
      waiting.resolve();
      waiting = Promise.withResolvers<void>();
    },
    next: () => waiting.promise,
  };
}
