import type pg from 'pg';

/** An event with its position, as it is published. */
export interface SequencedEvent {
  position: number;
  event_id: string;
  type: string;
  aggregate_id: string;
  version: string;
  subject: string;
  agency_id: string;
  document_id: string;
  dossier_code: string;
  actor_agency_id: string;
  actor_officer_id: string;
  /** ISO 8601, UTC, milliseconds. */
  occurred_at: string;
  traceparent: string;
  payload: Buffer;
}

type Row = Omit<SequencedEvent, 'position' | 'payload'> & { position: string; payload: string };

/** The payload in base64: hexadecimal, as bytea travels by itself, is half as long again. */
const COLUMNS = `e.position::text, e.event_id, e.type, e.aggregate_id, e.version::text, e.subject, e.agency_id,
                 e.document_id, e.dossier_code, e.actor_agency_id, e.actor_officer_id,
                 to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred_at,
                 e.traceparent, encode(e.payload, 'base64') as payload`;

const toEvents = (rows: readonly Row[]): SequencedEvent[] =>
  rows.map((row) =>
    Object.assign(row, { position: Number(row.position), payload: Buffer.from(row.payload, 'base64') }),
  );

/**
 * Gives committed, unnumbered events the positions after `last`, in id order, and returns them in that order.
 * An event that commits late with a lower id comes in a later round. A round is at most `limit` events and about
 * `maxBytes` of payload. Runs on the leader's connection, in its own
 * transaction, before anything is published; the unique index on position refuses a second sequencer.
 *
 * Uses the partial index event_unsequenced (a bitmap or index scan of `limit` entries), then the primary key.
 */
export async function sequence(
  leader: pg.Client,
  last: number,
  limit: number,
  maxBytes: number,
): Promise<SequencedEvent[]> {
  const { rows } = await leader.query<Row>({
    name: 'eventlog_sequence',
    text: `with due as materialized (
             select id, n
               from (select id, row_number() over by_id as n,
                            sum(octet_length(payload)) over by_id - octet_length(payload) as before
                       from (select id, payload from event where position is null order by id limit $2) as candidates
                     window by_id as (order by id)) as unsequenced
              where before < $3
           )
           update event e set position = $1::bigint + due.n
             from due
            where e.id = due.id
           returning ${COLUMNS}`,
    values: [last, limit, maxBytes],
  });
  return toEvents(rows).sort((a, b) => a.position - b.position);
}

/** Events already numbered, from a position on, at most `limit` and about `maxBytes` of payload. */
export async function readSequenced(
  leader: pg.Client,
  from: number,
  limit: number,
  maxBytes: number,
): Promise<SequencedEvent[]> {
  const { rows } = await leader.query<Row>({
    name: 'eventlog_read_sequenced',
    text: `select ${COLUMNS}
             from (select *, sum(octet_length(payload)) over (order by position) - octet_length(payload) as before
                     from (select * from event where position >= $1 order by position limit $2) as candidates) as e
            where before < $3
            order by e.position`,
    values: [from, limit, maxBytes],
  });
  return toEvents(rows);
}

export interface Bounds {
  /** The oldest position still in the table; 1 when it is empty. */
  first: number;
  /** The newest position given; 0 when none. */
  last: number;
}

export async function readBounds(leader: pg.Client): Promise<Bounds> {
  const { rows } = await leader.query<{ first: number | null; last: number | null }>({
    name: 'eventlog_bounds',
    text: `select (select min(position) from event where position is not null) as first,
                  (select max(position) from event where position is not null) as last`,
  });
  return { first: rows[0]?.first ?? 1, last: rows[0]?.last ?? 0 };
}

export async function eventIdAt(leader: pg.Client, position: number): Promise<string | undefined> {
  const { rows } = await leader.query<{ event_id: string }>({
    name: 'eventlog_event_id_at',
    text: 'select event_id from event where position = $1',
    values: [position],
  });
  return rows[0]?.event_id;
}
