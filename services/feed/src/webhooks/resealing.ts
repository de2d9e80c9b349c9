import {
  type Clock,
  type Database,
  type Logger,
  periodically,
  type Sealer,
  type Worker,
} from '@lienthong/kit';
import { resealSecrets } from './store/reseal.ts';

export interface ResealingParts {
  db: Database;
  clock: Clock;
  log: Logger;
  sealer: Sealer;
  everyMs: number;
}

/**
 * Seals anew at the start and from then on, and says how that stands: once when all is sealed with the first key, and
 * whenever it is not.
 */
export function resealing({ db, clock, log, sealer, everyMs }: ResealingParts): Worker {
  let told = false;
  return periodically('webhook secrets', everyMs, log, async () => {
    const { resealed, unreadable } = await resealSecrets(db, sealer, clock.now());
    if (unreadable.length > 0)
      log.warn(
        { resealed, unreadable: unreadable.length, webhooks: unreadable.slice(0, 20) },
        'webhook secrets that none of the sealing keys opens; give their key back, or have them rotated',
      );
    else if (resealed > 0 || !told)
      log.info({ resealed, unreadable: 0 }, 'every webhook secret is sealed with the first sealing key');
    told = true;
  });
}
