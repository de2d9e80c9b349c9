import type { Database, Tx } from '@lienthong/kit';
import type { Envelope } from '../event.ts';
import type { ConsumerKey } from './cursor.ts';
import { type RawEvent, rawEventFrom } from './raw-event.ts';

export interface ParkedEvent {
  consumer: string;
  source: string;
  position: number;
  eventId: string;
  type: string;
  aggregateId: string;
  error: string;
  parkedAt: Date;
}

/** Where a page of parked events ended. */
export interface ParkedCursor {
  source: string;
  position: number;
}

/** The aggregates with a parked event; their later events must park behind it. Nearly always none. */
export async function parkedAggregates(tx: Tx, key: ConsumerKey): Promise<Set<string>> {
  const rows = await tx.query<{ aggregate_id: string }>({
    name: 'eventlog_parked_aggregates',
    text: 'select distinct aggregate_id from parked_event where consumer = $1 and source = $2',
    values: [key.name, key.source],
  });
  return new Set(rows.map((row) => row.aggregate_id));
}

export function park(tx: Tx, key: ConsumerKey, events: readonly RawEvent[], error: string): void {
  if (events.length === 0) return;
  tx.send({
    text: `insert into parked_event (consumer, source, position, event_id, type, aggregate_id, attributes, payload, error)
           select $1, $2, position, event_id, type, aggregate_id, attributes, payload, $9
             from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::bytea[])
                  as e (position, event_id, type, aggregate_id, attributes, payload)`,
    values: [
      key.name,
      key.source,
      events.map((e) => e.envelope.position),
      events.map((e) => e.envelope.eventId),
      events.map((e) => e.type),
      events.map((e) => e.envelope.aggregateId),
      events.map((e) => JSON.stringify(e.envelope)),
      events.map((e) => Buffer.from(e.bytes)),
      error.slice(0, 2_000),
    ],
  });
}

/** The first parked event of an aggregate, or of all aggregates but `skip`. */
export async function firstParked(
  tx: Tx,
  consumer: string,
  aggregateId: string | undefined,
  skip: readonly string[],
): Promise<{ key: ConsumerKey; event: RawEvent } | undefined> {
  const rows = await tx.query<{ source: string; type: string; attributes: Envelope; payload: Buffer }>({
    text: `select source, type, attributes, payload from parked_event
            where consumer = $1 and ($2::text is null or aggregate_id = $2) and aggregate_id <> all($3)
            order by source, position
            limit 1`,
    values: [consumer, aggregateId ?? null, skip],
  });
  const row = rows[0];
  if (row === undefined) return undefined;
  const envelope = { ...row.attributes, occurredAt: new Date(row.attributes.occurredAt) };
  return {
    key: { name: consumer, source: row.source },
    event: rawEventFrom(row.type, envelope, row.payload),
  };
}

export function unpark(tx: Tx, key: ConsumerKey, position: number): void {
  tx.send({
    text: 'delete from parked_event where consumer = $1 and source = $2 and position = $3',
    values: [key.name, key.source, position],
  });
}

export async function noteParkedError(
  db: Database,
  key: ConsumerKey,
  position: number,
  error: string,
): Promise<void> {
  await db.query({
    text: 'update parked_event set error = $4 where consumer = $1 and source = $2 and position = $3',
    values: [key.name, key.source, position, error.slice(0, 2_000)],
  });
}

export async function listParked(
  db: Database,
  consumer: string,
  after: ParkedCursor | undefined,
  limit: number,
): Promise<ParkedEvent[]> {
  return db.query<ParkedEvent>({
    text: `select consumer, source, position, event_id as "eventId", type, aggregate_id as "aggregateId", error,
                  parked_at as "parkedAt"
             from parked_event
            where consumer = $1 and (source, position) > ($2, $3)
            order by source, position
            limit $4`,
    values: [consumer, after?.source ?? '', after?.position ?? 0, limit],
  });
}

export async function countParked(db: Database, consumer: string): Promise<number> {
  const rows = await db.query<{ n: number }>({
    text: 'select count(*) as n from parked_event where consumer = $1',
    values: [consumer],
  });
  return rows[0]?.n ?? 0;
}
