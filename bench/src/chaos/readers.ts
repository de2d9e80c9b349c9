import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Agency } from '../agencies.ts';
import { within } from '../bound.ts';
import { clientOf } from './callers.ts';
import type { Cluster } from './cluster.ts';
import type { Note } from './verdict.ts';

/** An agency that follows its feed from the oldest event on, through one of the processes. */
export interface Reader {
  agency: Agency;
  /** Event ids, as they came. */
  read: string[];
  /** Why it could not go on last time; it begins again after its last event. */
  failure?: string;
  stop(): Promise<void>;
}

const HEARTBEAT_MS = 2_000;
const STOP_MS = 10_000;
const PAUSE_MS = 500;

export function feedReaders(
  cluster: Pick<Cluster, 'token' | 'addresses'>,
  agencies: readonly Agency[],
): Reader[] {
  return agencies.map((agency, process) => {
    const stopping = new AbortController();
    const reader: Reader = {
      agency,
      read: [],
      async stop() {
        stopping.abort();
        await within(STOP_MS, 'the end of a stream', following).catch(() => {});
      },
    };
    const following = keepFollowing(cluster, process, reader, stopping.signal);
    return reader;
  });
}

/** A refusal ends a stream, as of a token that has expired where the clock is ahead: the next one has a new token. */
async function keepFollowing(
  cluster: Pick<Cluster, 'token' | 'addresses'>,
  process: number,
  reader: Reader,
  signal: AbortSignal,
): Promise<void> {
  let cursor = '';
  const take = (event: { id: string; cursor: string }) => {
    cursor = event.cursor;
    reader.read.push(event.id);
  };
  while (!signal.aborted) {
    const client = await clientOf(cluster, reader.agency.id, process);
    const start = cursor === '' ? { fromOldest: true } : { cursor };
    try {
      for await (const event of client.follow({
        ...start,
        heartbeatMs: HEARTBEAT_MS,
        onUnknown: take,
        signal,
      }))
        take(event);
    } catch (error) {
      reader.failure = (error as Error).message;
    } finally {
      client.close();
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
}

/** In the feed's lists, of what concerns all agencies. */
const EVERYBODY = '00000000-0000-0000-0000-000000000000';
const CATCH_UP_MS = 30_000;

/** Each reader has got every event of its agency once, in the feed's order. Waits until the readers have come so far. */
export async function compareReaders(
  database: pg.Client,
  readers: readonly Reader[],
  note: Note,
): Promise<void> {
  const until = performance.now() + CATCH_UP_MS;
  for (const reader of readers) {
    const { rows } = await database.query<{ event_id: string }>(
      `select event_id from feed.feed_event f
        where exists (select from feed.feed_entry e where e.seq = f.seq and e.agency_id in ($1, $2)) order by seq`,
      [reader.agency.id, EVERYBODY],
    );
    while (reader.read.length < rows.length && performance.now() < until) await sleep(50);
    const who = `the reader of ${reader.agency.code}`;
    if (reader.read.length < rows.length)
      note(
        'stuck',
        `${who} has got ${reader.read.length} of ${rows.length} events; ${reader.failure ?? 'no error'}`,
      );
    const expected = rows.map(({ event_id }) => event_id);
    compareReading(who, expected, reader.read, note);
  }
}

export function compareReading(
  who: string,
  expected: readonly string[],
  read: readonly string[],
  note: Note,
): void {
  const places = new Map(expected.map((id, i) => [id, i]));
  const seen = new Set<string>();
  let newest = -1;
  for (const id of read) {
    const place = places.get(id);
    if (seen.has(id)) note('doubled', `${who} has got ${id} twice`);
    else if (place === undefined) note('doubled', `${who} has got ${id}, which is not in its feed`);
    else if (place < newest) note('disordered', `${who} has got ${id} after a later event`);
    seen.add(id);
    newest = Math.max(newest, place ?? -1);
  }
  for (const id of expected) if (!seen.has(id)) note('lost', `${who} has not got ${id}`);
}
