import type pg from 'pg';
import { compareVersions, type EventRow } from './copies.ts';
import type { Note } from './verdict.ts';

interface FeedRow {
  seq: string;
  event_id: string;
  source: string;
  type: string;
  aggregate_id: string;
  version: string;
}

/** Every event of these types concerns an agency. */
const CONCERNING = /^lienthong\.(routing\.v1\.(Document|Delivery)|casework\.v1\.(Dossier|Task))/;

/** The feed has an event once, in the order of its aggregate, under numbers without gaps, and lists it for its agencies. */
export async function compareFeed(
  database: pg.Client,
  logs: ReadonlyMap<string, readonly EventRow[]>,
  note: Note,
): Promise<void> {
  const { rows } = await database.query<FeedRow>(
    'select seq, event_id, source, type, aggregate_id, version from feed.feed_event order by seq',
  );
  compareNumbers(rows, note);
  for (const [source, events] of logs) {
    const fed = rows.filter((row) => row.source === source);
    compareVersions(`the feed of ${source}`, fed, note);
    const inLog = new Set(events.map(keyOf));
    const inFeed = new Set(fed.map(keyOf));
    for (const row of fed)
      if (!inLog.has(keyOf(row)))
        note('doubled', `the feed has ${row.event_id} of ${source}, which its log has not`);
    if (inFeed.size < fed.length) note('doubled', `the feed has events of ${source} twice`);
    for (const event of events)
      if (CONCERNING.test(event.type) && !inFeed.has(keyOf(event)))
        note('lost', `the feed lacks ${event.type} ${event.event_id}`);
  }
  const { rows: unlisted } = await database.query<{ seq: string }>(
    `select f.seq from feed.feed_event f, unnest(f.audience) as concerned (id)
      where not exists (select from feed.feed_entry e where e.agency_id = concerned.id and e.seq = f.seq)`,
  );
  for (const { seq } of unlisted) note('lost', `number ${seq} of the feed is not listed for an agency`);
}

const keyOf = ({ event_id, aggregate_id, version }: Omit<EventRow, 'position' | 'type'>): string =>
  `${event_id} ${aggregate_id} ${version}`;

function compareNumbers(rows: readonly FeedRow[], note: Note): void {
  rows.forEach(({ seq }, i) => {
    const before = rows[i - 1]?.seq;
    if (before !== undefined && BigInt(seq) !== BigInt(before) + 1n)
      note('lost', `the feed has number ${seq} after ${before}`);
  });
}
