/** Numbered rows that this process committed and is about to hand on, so that it need not read them from the table. */
export interface CommitBuffer<T> {
  /** The rows of one commit from a position on; rows beyond the bounds are dropped, and later read from the table. */
  add(first: number, rows: readonly T[]): void;
  /** Takes the run that begins at this position. Undefined when none does; everything kept is then dropped. */
  take(position: number): T[] | undefined;
  has(position: number): boolean;
  isEmpty(): boolean;
  clear(): void;
}

/** Bounds on what is kept, and so on what is taken at once. */
const MAX_ROWS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;

export function createCommitBuffer<T extends { payload: Uint8Array }>(): CommitBuffer<T> {
  // By their first position: a process may learn of commits in another order than that of their positions.
  const commits = new Map<number, readonly T[]>();
  let count = 0;
  let bytes = 0;
  const clear = () => {
    commits.clear();
    count = 0;
    bytes = 0;
  };
  return {
    add(first, rows) {
      const size = sizeOf(rows);
      if (rows.length === 0 || count + rows.length > MAX_ROWS || bytes + size > MAX_BYTES) return;
      commits.set(first, rows);
      count += rows.length;
      bytes += size;
    },
    take(position) {
      const run: T[] = [];
      for (let next = commits.get(position); next; next = commits.get(position + run.length)) {
        commits.delete(position + run.length);
        run.push(...next);
      }
      if (run.length === 0) {
        clear();
        return undefined;
      }
      count -= run.length;
      bytes -= sizeOf(run);
      return run;
    },
    has: (position) => commits.has(position),
    isEmpty: () => commits.size === 0,
    clear,
  };
}

const sizeOf = (rows: readonly { payload: Uint8Array }[]): number =>
  rows.reduce((sum, { payload }) => sum + payload.length, 0);
