import type pg from 'pg';
import { compareFeed } from './compare-feed.ts';
import { compareCopy, compareOrder, compareVersions, type EventRow } from './copies.ts';
import { readStream, withNats } from './read-stream.ts';
import type { Note } from './verdict.ts';

export interface Comparison {
  /** Of all sources. */
  events: number;
  /** By source. */
  sources: Record<string, number>;
}

/** Event sources, and the schemas of the services they come from. */
const SCHEMAS = {
  directory: 'agency_directory',
  registry: 'procedure_registry',
  routing: 'document_routing',
  casework: 'casework',
  feed: 'feed',
  notification: 'notification',
  audit: 'audit',
} as const;

/**
 * Compares every event of every source with its order, the stream, the audit and the feed.
 * Shares no code with the services: it reads tables by SQL and streams by their subjects.
 */
export async function compare(database: pg.Client, natsUrl: string, note: Note): Promise<Comparison> {
  const sources: Record<string, number> = {};
  const logs = new Map<string, readonly EventRow[]>();
  for (const [source, schema] of Object.entries(SCHEMAS)) {
    const { rows } = await database.query<EventRow>(
      `select position, event_id, aggregate_id, version, type from ${schema}.event order by position`,
    );
    logs.set(source, rows);
    sources[source] = rows.length;
    compareOrder(source, rows, note);
    const { rows: audited } = await database.query<EventRow>(
      // Of an event's reads the first one stands for the event.
      `select position, event_id, aggregate_id, aggregate_version as version, type
         from audit.entry where source = $1 and part = 0 order by leaf`,
      [source],
    );
    compareCopy(`the audit of ${source}`, rows, audited, note);
    compareVersions(`the audit of ${source}`, audited, note);
  }
  await withNats(natsUrl, async (nats) => {
    for (const [source, events] of logs) {
      const streamed = await readStream(nats, `lt.${source}.>`);
      compareCopy(`the stream of ${source}`, events, streamed, note);
    }
  });
  await compareFeed(database, logs, note);
  const events = [...logs.values()].reduce((sum, rows) => sum + rows.length, 0);
  return { events, sources };
}
