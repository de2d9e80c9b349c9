import type { LoggedEvent } from '../event.ts';

/** Events that this process committed and the relay has yet to publish, so that it need not read them from the table. */
export interface CommitBuffer {
  /** The events of one commit; events beyond the bounds are dropped, and later read from the table. */
  add(events: readonly LoggedEvent[]): void;
  /** Takes the run that begins at this position. Undefined when none does; everything kept is then dropped. */
  take(position: number): LoggedEvent[] | undefined;
  has(position: number): boolean;
  isEmpty(): boolean;
  clear(): void;
}

/** Bounds on what is kept, and so on what is taken at once. */
const MAX_EVENTS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;

export function createCommitBuffer(): CommitBuffer {
  // By their first position: a process may learn of commits in another order than that of their positions.
  const commits = new Map<number, readonly LoggedEvent[]>();
  let count = 0;
  let bytes = 0;
  const clear = () => {
    commits.clear();
    count = 0;
    bytes = 0;
  };
  return {
    add(events) {
      const first = events[0];
      const size = events.reduce((sum, event) => sum + event.payload.length, 0);
      if (first === undefined || count + events.length > MAX_EVENTS || bytes + size > MAX_BYTES) return;
      commits.set(first.position, events);
      count += events.length;
      bytes += size;
    },
    take(position) {
      const run: LoggedEvent[] = [];
      for (let next = commits.get(position); next; next = commits.get(position + run.length)) {
        commits.delete(position + run.length);
        run.push(...next);
      }
      if (run.length === 0) {
        clear();
        return undefined;
      }
      count -= run.length;
      bytes -= run.reduce((sum, event) => sum + event.payload.length, 0);
      return run;
    },
    has: (position) => commits.has(position),
    isEmpty: () => commits.size === 0,
    clear,
  };
}
