import { streamName } from '@lienthong/eventlog';
import { connectNats } from '@lienthong/kit';
import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import type pg from 'pg';

export interface Comparison {
  /** Of all sources. */
  events: number;
  /** By source. */
  sources: Record<string, number>;
  lost: number;
  doubled: number;
  disordered: number;
  differences: string[];
}

export type Note = (kind: 'lost' | 'doubled' | 'disordered', difference: string) => void;

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

interface Placed {
  position: string;
  event_id: string;
}

interface EventRow extends Placed {
  aggregate_id: string;
  version: string;
  type: string;
}

/** Compares every event of every source with its order, the stream and the audit; adds the differences of `more`. */
export async function compare(
  database: pg.Client,
  natsUrl: string,
  more: (note: Note) => Promise<void>,
): Promise<Comparison> {
  const result: Comparison = { events: 0, sources: {}, lost: 0, doubled: 0, disordered: 0, differences: [] };
  const note: Note = (kind, difference) => {
    result[kind] += 1;
    result.differences.push(difference);
  };
  await more(note);
  for (const [source, schema] of Object.entries(SCHEMAS)) {
    const { rows: events } = await database.query<EventRow>(
      `select position, event_id, aggregate_id, version, type from ${schema}.event order by position`,
    );
    result.events += events.length;
    result.sources[source] = events.length;
    compareOrder(source, events, note);
    const { rows: audited } = await database.query<Placed>(
      // Of an event's reads the first one stands for the event.
      'select position, event_id from audit.entry where source = $1 and part = 0 order by leaf',
      [source],
    );
    compareCopy(`the audit of ${source}`, events, audited, note);
    const streamed = await readStream(natsUrl, source, events.length);
    compareCopy(`the stream of ${source}`, events, streamed, note);
  }
  return result;
}

function compareOrder(source: string, events: readonly EventRow[], note: Note): void {
  const versions = new Map<string, number>();
  events.forEach((event, i) => {
    if (Number(event.position) !== i + 1)
      note('disordered', `position ${i + 1} of ${source} is ${event.position}`);
    const before = versions.get(event.aggregate_id) ?? 0;
    if (Number(event.version) !== before + 1) {
      note('disordered', `${event.type} ${event.event_id} is version ${event.version} after ${before}`);
    }
    versions.set(event.aggregate_id, Number(event.version));
  });
}

function compareCopy(where: string, events: readonly EventRow[], copy: readonly Placed[], note: Note): void {
  if (copy.length > events.length)
    note('doubled', `${where} holds ${copy.length} of ${events.length} events`);
  events.forEach((event, i) => {
    if (copy[i]?.event_id !== event.event_id || Number(copy[i]?.position) !== i + 1) {
      note(
        copy[i] ? 'disordered' : 'lost',
        `${where} has ${copy[i]?.event_id} in place of event ${event.position}`,
      );
    }
  });
}

async function readStream(url: string, source: string, count: number): Promise<Placed[]> {
  const nats = await connectNats({ url: url }, 'observer');
  try {
    const read: Placed[] = [];
    if (count === 0) return read;
    const consumer = await jetstream(nats).consumers.get(streamName('lt', source), {
      deliver_policy: DeliverPolicy.All,
      headers_only: true,
    });
    const messages = await consumer.consume({ max_messages: 1_000 });
    for await (const message of messages) {
      read.push({ position: String(message.seq), event_id: message.headers?.get('ce-id') ?? '' });
      if (message.info.pending === 0) break;
    }
    return read;
  } finally {
    await nats.close();
  }
}
