import type pg from 'pg';

/** An event with its position, as it is published. */
export interface SequencedEvent {
  position: number;
  event_id: string;
  type: string;
  aggregate_id: string;
  version: number;
  subject: string;
  agency_id: string;
  document_id: string;
  dossier_code: string;
  actor_agency_id: string;
  actor_officer_id: string;
  occurred_at: Date;
  traceparent: string;
  payload: Buffer;
}

const COLUMNS = [
  'position',
  'event_id',
  'type',
  'aggregate_id',
  'version',
  'subject',
  'agency_id',
  'document_id',
  'dossier_code',
  'actor_agency_id',
  'actor_officer_id',
  'occurred_at',
  'traceparent',
  'payload',
];

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
  const { rows } = await leader.query<SequencedEvent>({
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
           returning ${COLUMNS.map((column) => `e.${column}`).join(', ')}`,
    values: [last, limit, maxBytes],
  });
  return rows.sort((a, b) => a.position - b.position);
}

/** Events already numbered, from a position on, at most `limit` and about `maxBytes` of payload. */
export async function readSequenced(
  leader: pg.Client,
  from: number,
  limit: number,
  maxBytes: number,
): Promise<SequencedEvent[]> {
  const { rows } = await leader.query<SequencedEvent>({
    name: 'eventlog_read_sequenced',
    text: `select ${COLUMNS.join(', ')}
             from (select ${COLUMNS.join(', ')},
                          sum(octet_length(payload)) over (order by position) - octet_length(payload) as before
                     from (select * from event where position >= $1 order by position limit $2) as candidates) as e
            where before < $3
            order by position`,
    values: [from, limit, maxBytes],
  });
  return rows;
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
