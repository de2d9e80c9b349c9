import { streamName } from '@lienthong/eventlog';
import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import type { Cluster } from './cluster.ts';
import type { Acknowledged } from './traffic.ts';

export interface Comparison {
  events: number;
  lost: number;
  doubled: number;
  disordered: number;
  differences: string[];
}

interface EventRow {
  position: string;
  event_id: string;
  aggregate_id: string;
  version: string;
  type: string;
}

/** What was acknowledged against the tables; the tables against the stream and the audit, event by event. */
export async function compare(cluster: Cluster, acknowledged: Acknowledged): Promise<Comparison> {
  const database = new pg.Client({ connectionString: cluster.databaseUrl });
  await database.connect();
  try {
    const { rows: events } = await database.query<EventRow>(
      'select position, event_id, aggregate_id, version, type from document_routing.event order by position',
    );
    const result: Comparison = { events: events.length, lost: 0, doubled: 0, disordered: 0, differences: [] };
    const note = (kind: 'lost' | 'doubled' | 'disordered', difference: string) => {
      result[kind] += 1;
      result.differences.push(difference);
    };
    await compareAcknowledged(database, acknowledged, note);
    compareOrder(events, note);
    const { rows: audited } = await database.query<EventRow>(
      "select position, event_id from audit.entry where source = 'routing' order by id",
    );
    compareCopy('audit', events, audited, note);
    compareCopy('stream', events, await readStream(cluster.natsUrl, events.length), note);
    return result;
  } finally {
    await database.end();
  }
}

type Note = (kind: 'lost' | 'doubled' | 'disordered', difference: string) => void;

async function compareAcknowledged(
  database: pg.Client,
  acknowledged: Acknowledged,
  note: Note,
): Promise<void> {
  const { rows } = await database.query<{ id: string; document_id: string; status: number }>(
    'select id, document_id, status from document_routing.delivery',
  );
  const stored = Map.groupBy(rows, (row) => row.document_id);
  for (const [documentId, { deliveryId, status }] of acknowledged.documents) {
    const deliveries = stored.get(documentId) ?? [];
    if (deliveries.length > 1) note('doubled', `document ${documentId} has ${deliveries.length} deliveries`);
    const delivery = deliveries.find((one) => one.id === deliveryId);
    // A report may have been carried out without its answer getting through: never less than acknowledged.
    if (delivery === undefined || delivery.status < status) {
      note('lost', `delivery ${deliveryId} is at ${delivery?.status}, acknowledged was ${status}`);
    }
  }
}

function compareOrder(events: readonly EventRow[], note: Note): void {
  const versions = new Map<string, number>();
  events.forEach((event, i) => {
    if (Number(event.position) !== i + 1) note('disordered', `position ${i + 1} is ${event.position}`);
    const before = versions.get(event.aggregate_id) ?? 0;
    if (Number(event.version) !== before + 1) {
      note('disordered', `${event.type} ${event.event_id} is version ${event.version} after ${before}`);
    }
    versions.set(event.aggregate_id, Number(event.version));
  });
}

function compareCopy(
  where: string,
  events: readonly EventRow[],
  copy: readonly Pick<EventRow, 'position' | 'event_id'>[],
  note: Note,
): void {
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

async function readStream(url: string, count: number): Promise<Pick<EventRow, 'position' | 'event_id'>[]> {
  const nats = await connect({ servers: url });
  try {
    const consumer = await jetstream(nats).consumers.get(streamName('lt', 'routing'), {
      deliver_policy: DeliverPolicy.All,
      headers_only: true,
    });
    const read: Pick<EventRow, 'position' | 'event_id'>[] = [];
    if (count === 0) return read;
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
