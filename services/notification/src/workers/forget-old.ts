import { type Clock, type Database, dueWorker, type Logger, type Worker } from '@lienthong/kit';
import { forgetFollowers, forgetMessages } from '../store/forget.ts';

const BATCH = 500;
const DAY_MS = 86_400_000;

/**
 * Deletes old messages with their attempts, except those that are still pending, and the contacts of citizens that are
 * as old and whose dossier has ended.
 */
export const createForgetWorker = (
  { db, clock, log }: { db: Database; clock: Clock; log: Logger },
  keepDays: number,
  everyMs: number,
): Worker =>
  dueWorker({
    name: 'forgetting old messages',
    log,
    everyMs,
    async *work() {
      const before = new Date(clock.now().getTime() - keepDays * DAY_MS);
      let after: number | undefined = 0;
      while (after !== undefined) {
        const { read, next } = await forgetMessages(db, before, after, BATCH);
        yield read;
        after = next;
      }
      let forgotten: number;
      do {
        forgotten = await forgetFollowers(db, before, BATCH);
        yield forgotten;
      } while (forgotten === BATCH);
    },
  });
