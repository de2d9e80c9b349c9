import { encodeEvent, subjectOf } from '@lienthong/contracts/events';
import { packBytes, plainArray, refuse, type Tx } from '@lienthong/kit';
import type { LoggedEvent, RecordedEvent } from './event.ts';

/** An event with the trace of the call that made it (W3C traceparent, or ''). */
export interface TracedEvent {
  event: RecordedEvent;
  traceparent: string;
}

/** nats-server takes messages of 1 MiB; the rest is for headers. The log must not hold an event that it refuses. */
const MAX_PAYLOAD_BYTES = 1_000_000;
/** Tokens without wildcards and white space. */
const SUBJECT = /^[^\s.*>]+(\.[^\s.*>]+)*$/;

/**
 * Writes events into the log of the transaction's schema, at the next positions, in the order given.
 * The caller holds the locks of their aggregates; the unique (aggregate_id, version) refuses a writer that does not.
 * Every other writer of this log waits from here to the commit, so it is the last write of its transaction, or sent
 * together with the last ones.
 *
 * @returns the events with their positions, once they are written; valid only if the transaction commits
 * @throws RefusalError EVENT_TOO_LARGE, at once, when a payload exceeds 1,000,000 bytes
 */
export function append(tx: Tx, root: string, traced: readonly TracedEvent[]): Promise<LoggedEvent[]> {
  const events = traced.map((event) => toLoggedEvent(root, event));
  if (events.length === 0) return Promise.resolve(events);
  const column = <K extends keyof LoggedEvent>(key: K) => events.map((event) => event[key]);
  const payloads = packBytes(column('payload'));
  const written = tx.query<{ before: number }>({
    name: 'eventlog_append',
    text: `with head as (
             update event_head set position = position + $16 returning position - $16 as before
           ), written as (
             insert into event (position, event_id, type, aggregate_id, version, subject, agency_id, document_id,
                                dossier_code, actor_agency_id, actor_officer_id, occurred_at, traceparent, payload)
             select before + n, event_id, type, aggregate_id, version, subject, agency_id, document_id,
                    dossier_code, actor_agency_id, actor_officer_id, occurred_at, traceparent,
                    substring($15::bytea from start for size)
               from head,
                    unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                           $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::text[], $13::int[], $14::int[])
                    with ordinality as e (event_id, type, aggregate_id, version, subject, agency_id, document_id,
                                          dossier_code, actor_agency_id, actor_officer_id, occurred_at, traceparent,
                                          start, size, n)
           )
           select before from head`,
    values: [
      plainArray(column('event_id')),
      column('type'),
      plainArray(column('aggregate_id')),
      plainArray(column('version')),
      column('subject'),
      column('agency_id'),
      column('document_id'),
      column('dossier_code'),
      column('actor_agency_id'),
      column('actor_officer_id'),
      plainArray(column('occurred_at')),
      column('traceparent'),
      plainArray(payloads.starts),
      plainArray(payloads.sizes),
      payloads.bytes,
      events.length,
    ],
  });
  const logged = written.then(([row]) => {
    const { before } = row as { before: number };
    events.forEach((event, i) => {
      event.position = before + i + 1;
    });
    return events;
  });
  // A failure fails the transaction, which reports it.
  logged.catch(() => {});
  return logged;
}

/** The last position of the log, as far as it is committed. */
export async function readHead(tx: Tx): Promise<number | undefined> {
  const rows = await tx.query<{ position: number }>({
    name: 'eventlog_head',
    text: 'select position from event_head',
  });
  return rows[0]?.position;
}

function toLoggedEvent(root: string, { event, traceparent }: TracedEvent): LoggedEvent {
  return {
    position: 0,
    event_id: event.eventId,
    type: event.type,
    aggregate_id: event.aggregateId,
    version: String(event.version),
    subject: toSubject(root, event),
    agency_id: event.agencyId,
    document_id: event.documentId ?? '',
    dossier_code: event.dossierCode ?? '',
    actor_agency_id: event.actor.agencyId,
    actor_officer_id: event.actor.officerId,
    occurred_at: event.occurredAt.toISOString(),
    traceparent,
    payload: toPayload(event),
  };
}

function toSubject(root: string, { type, agencyCode }: RecordedEvent): string {
  const subject = subjectOf(root, type, agencyCode);
  if (!SUBJECT.test(subject))
    throw new Error(`${type} cannot be published to the subject ${JSON.stringify(subject)}`);
  return subject;
}

function toPayload({ type, payload }: RecordedEvent): Uint8Array {
  const bytes = encodeEvent(type, payload as never);
  if (bytes.length > MAX_PAYLOAD_BYTES) {
    refuse({
      kind: 'invalid-argument',
      reason: 'EVENT_TOO_LARGE',
      message: `the request leads to an event of ${bytes.length} bytes (${type}); at most ${MAX_PAYLOAD_BYTES} are allowed: send less in one request`,
    });
  }
  return bytes;
}
