import type pg from 'pg';
import type { LoggedEvent } from '../event.ts';

type Row = Omit<LoggedEvent, 'position' | 'payload'> & { position: string; payload: string };

/** The events from a position on, at most `limit` and about `maxBytes` of payload; a larger event comes alone. */
export async function readLog(
  leader: pg.Client,
  from: number,
  limit: number,
  maxBytes: number,
): Promise<LoggedEvent[]> {
  // Base64, because the text form of bytea is hexadecimal, which is half as long again.
  const { rows } = await leader.query<Row>({
    name: 'eventlog_read',
    text: `select e.position::text, e.event_id, e.type, e.aggregate_id, e.version::text, e.subject, e.agency_id,
                  e.document_id, e.dossier_code, e.actor_agency_id, e.actor_officer_id,
                  to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred_at,
                  e.traceparent, encode(e.payload, 'base64') as payload
             from (select *, sum(octet_length(payload)) over (order by position) - octet_length(payload) as before
                     from (select * from event where position >= $1 order by position limit $2) as candidates) as e
            where before < $3
            order by e.position`,
    values: [from, limit, maxBytes],
  });
  return rows.map((row) =>
    Object.assign(row, { position: Number(row.position), payload: Buffer.from(row.payload, 'base64') }),
  );
}

export interface Bounds {
  /** The oldest position still in the table, or the next one when it is empty. */
  first: number;
  /** The newest position drawn; 0 when none. */
  last: number;
}

export async function readBounds(leader: pg.Client): Promise<Bounds> {
  const { rows } = await leader.query<Bounds>({
    name: 'eventlog_bounds',
    text: `select coalesce((select min(position) from event), h.position + 1) as first, h.position as last
             from event_head h`,
  });
  return rows[0] as Bounds;
}

export async function eventIdAt(leader: pg.Client, position: number): Promise<string | undefined> {
  const { rows } = await leader.query<{ event_id: string }>({
    name: 'eventlog_event_id_at',
    text: 'select event_id from event where position = $1',
    values: [position],
  });
  return rows[0]?.event_id;
}
