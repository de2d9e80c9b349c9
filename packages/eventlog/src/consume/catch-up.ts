import { type CatchUp, type Database, pause } from '@lienthong/kit';
import type { Consumer } from './consumer.ts';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 80;

/**
 * Polls the consumers' cursors in the database, because another process may run the consumers. The service's own log is
 * left out: its writes can be read at once.
 */
export function createCatchUp({
  db,
  source,
  consumers,
}: {
  db: Database;
  source: string | undefined;
  consumers: readonly Consumer[];
}): CatchUp {
  return async (after, waitMs, signal) => {
    const targets = consumers.flatMap(({ key }) => {
      const position = key.source === source ? undefined : after.get(key.source);
      return position === undefined ? [] : [{ ...key, position }];
    });
    const deadline = Date.now() + waitMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      if (await haveReached(db, targets)) return true;
      if (Date.now() + pauseMs > deadline || signal.aborted) return false;
      await pause(pauseMs, signal);
    }
  };
}

async function haveReached(
  db: Database,
  targets: readonly { name: string; source: string; position: number }[],
): Promise<boolean> {
  if (targets.length === 0) return true;
  const behind = await db.query({
    name: 'eventlog_cursors_behind',
    text: `select 1
             from unnest($1::text[], $2::text[], $3::bigint[]) as w (name, source, position)
             left join consumer_cursor c using (name, source)
            where coalesce(c.position, 0) < w.position`,
    values: [targets.map((w) => w.name), targets.map((w) => w.source), targets.map((w) => w.position)],
  });
  return behind.length === 0;
}
