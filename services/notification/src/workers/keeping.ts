import {
  type Clock,
  type Database,
  type Logger,
  periodically,
  type Sealer,
  type Worker,
} from '@lienthong/kit';
import { forgetFollowers, forgetStretch } from '../store/forget.ts';
import { countOutdated, resealSome, type Unreadable } from '../store/reseal.ts';

const BATCH = 500;
const DAY_MS = 86_400_000;

/**
 * Deletes messages that are older than they are kept, and their tries; never one that is still to be sent. Contacts of
 * citizens as old go with the end of their dossier.
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

/**
 * Seals with the first key what older ones sealed, a few rows at a time. Looks again as long as the process runs: a
 * process that was started with the old keys may still write by them.
 */
export const resealing = (
  { db, log }: { db: Database; log: Logger },
  sealer: Sealer,
  everyMs: number,
): Worker =>
  periodically('sealing anew', everyMs, log, async () => {
    const unreadable: Unreadable = new Map();
    let looked = 0;
    let some = 0;
    do {
      some = await resealSome(db, sealer, BATCH, unreadable);
      looked += some;
    } while (some > 0);
    if (looked === 0) return;
    const lost = [...unreadable.values()].reduce((n, ids) => n + ids.length, 0);
    const outcome = { sealed: looked - lost, left: await countOutdated(db, sealer), key: sealer.keyId };
    if (lost === 0) log.info(outcome, 'contacts sealed anew');
    else
      log.warn(
        { ...outcome, lost },
        'contacts that none of the sealing keys opens; give their key back, or have them said anew',
      );
  });
