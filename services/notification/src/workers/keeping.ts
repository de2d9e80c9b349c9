import { type Clock, type Database, type Logger, periodically, type Worker } from '@lienthong/kit';
import { forgetFollowers, forgetStretch } from '../store/forget.ts';

const BATCH = 500;
const DAY_MS = 86_400_000;

/**
 * Deletes old messages with their attempts, but none that is still to be sent; and the contacts of citizens that are as
 * old and whose dossier has ended.
 */
export const forgetting = (
  { db, clock, log }: { db: Database; clock: Clock; log: Logger },
  keepDays: number,
  everyMs: number,
): Worker =>
  periodically('forgetting old messages', everyMs, log, async () => {
    const before = new Date(clock.now().getTime() - keepDays * DAY_MS);
    let after: number | undefined = 0;
    while (after !== undefined) after = await forgetStretch(db, before, after, BATCH);
    while ((await forgetFollowers(db, before, BATCH)) === BATCH);
  });
