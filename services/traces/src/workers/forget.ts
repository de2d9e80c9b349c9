import { type Clock, type Database, type DueWorker, dueWorker, type Logger } from '@lienthong/kit';
import { forgetEnded, forgetOldest, readSize } from '../store/forget-traces.ts';

export interface Retention {
  keepDays: number;
  keepBytes: number;
  everyMs: number;
}

const BATCH = 500;
const DAY_US = 86_400_000_000;

/** Deletes traces that are too old, then the oldest of what is too much. */
export const forgetWorker = (
  { db, clock, log }: { db: Database; clock: Clock; log: Logger },
  { keepDays, keepBytes, everyMs }: Retention,
): DueWorker =>
  dueWorker({
    name: 'forgetting old traces',
    log,
    everyMs,
    async *work() {
      const before = clock.now().getTime() * 1_000 - keepDays * DAY_US;
      let forgotten: number;
      do {
        forgotten = await forgetEnded(db, before, BATCH);
        yield forgotten;
      } while (forgotten > 0);
      for (let over = (await readSize(db)) - keepBytes; over > 0; ) {
        const freed = await forgetOldest(db, over, BATCH);
        if (freed === 0) return;
        over -= freed;
        yield freed;
      }
    },
  });
