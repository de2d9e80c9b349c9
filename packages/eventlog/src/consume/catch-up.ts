import type { EventSource } from '@lienthong/contracts/events';
import { type CatchUp, type Database, pause } from '@lienthong/kit';
import type { EventStream } from '../wire/stream.ts';
import type { Consumer } from './consumer.ts';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 80;
/** How long a relay may take to publish what was just written; a position beyond the stream is not awaited longer. */
const PUBLISHING_MS = 250;

interface Target {
  name: string;
  source: string;
  position: number;
}

export interface CatchUpDeps {
  db: Database;
  source: string | undefined;
  consumers: readonly Pick<Consumer, 'key'>[];
  streamOf: (source: string) => EventStream;
}

/**
 * Polls the consumers' cursors in the database, because another process may run the consumers. The service's own log is
 * left out: its writes can be read at once. Anyone may name a position, so one that no log has come to is given up soon.
 */
export function createCatchUp({ db, source, consumers, streamOf }: CatchUpDeps): CatchUp {
  const lastPosition = lastPositions(streamOf);

  const arePublished = async (targets: readonly Target[]) => {
    const last = await Promise.all(targets.map((target) => lastPosition(target.source)));
    return targets.every(({ position }, n) => position <= (last[n] as number));
  };

  return async (after, waitMs, signal) => {
    const targets = consumers.flatMap(({ key }) => {
      const position = key.source === source ? undefined : after.get(key.source);
      return position === undefined ? [] : [{ ...key, position }];
    });
    const started = Date.now();
    let published = false;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      if (await haveReached(db, targets)) return true;
      const waited = Date.now() - started;
      if (waited + pauseMs > waitMs || signal.aborted) return false;
      if (waited > PUBLISHING_MS && !published) {
        const outOfTime = pause(waitMs - waited, signal).then(() => false);
        published = await Promise.race([arePublished(targets), outOfTime]);
        if (!published) return false;
      }
      await pause(pauseMs, signal);
    }
  };
}

/** Waits until this service's consumers of a source have applied what the source has published; false: not in time. */
export type CatchUpWith = (source: EventSource, waitMs: number) => Promise<boolean>;

export function createCatchUpWith(catchUp: CatchUp, streamOf: (source: string) => EventStream): CatchUpWith {
  const lastPosition = lastPositions(streamOf);
  return async (source, waitMs) =>
    catchUp(new Map([[source, await lastPosition(source)]]), waitMs, AbortSignal.timeout(waitMs));
}

/** The last position in the stream of a source. Calls at the same time share one request. */
function lastPositions(streamOf: (source: string) => EventStream): (source: string) => Promise<number> {
  const streams = new Map<string, EventStream>();
  const asked = new Map<string, Promise<number>>();

  async function ask(source: string): Promise<number> {
    const stream = streams.get(source) ?? streamOf(source);
    streams.set(source, stream);
    try {
      return (await stream.state())?.lastSeq ?? 0;
    } catch {
      // Without a broker no event arrives. The relays and consumers report that it is away; the caller tries again.
      return 0;
    } finally {
      asked.delete(source);
    }
  }

  return (source) => {
    const answer = asked.get(source) ?? ask(source);
    asked.set(source, answer);
    return answer;
  };
}

async function haveReached(db: Database, targets: readonly Target[]): Promise<boolean> {
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
