import { encodeEvent, subjectOf } from '@lienthong/contracts/events';
import { packBytes, plainArray, refuse, type Tx } from '@lienthong/kit';
import type { RecordedEvent } from './event.ts';

/** An event with the trace it happened in (W3C traceparent, or ''). */
export interface Appended {
  event: RecordedEvent;
  traceparent: string;
}

/** nats-server takes messages of 1 MiB; the rest is for headers. What it would not take must not get into the log. */
const MAX_PAYLOAD_BYTES = 1_000_000;
/** Tokens without wildcards and white space. */
const SUBJECT = /^[^\s.*>]+(\.[^\s.*>]+)*$/;

/**
 * Writes events into the log of the transaction's schema, in the order given.
 * The caller holds the locks of their aggregates; the unique (aggregate_id, version) refuses a writer that does not.
 *
 * @throws RefusalError EVENT_TOO_LARGE when a payload exceeds 1,000,000 bytes
 */
export function append(tx: Tx, root: string, appended: readonly Appended[]): void {
  if (appended.length === 0) return;
  const column = <V>(of: (event: RecordedEvent) => V) => appended.map(({ event }) => of(event));
  const payloads = packBytes(column(checkedPayload));
  tx.send({
    name: 'eventlog_append',
    // `with ordinality … order by` draws the identities in the order of the arrays.
    text: `insert into event (event_id, type, aggregate_id, version, subject, agency_id, document_id, dossier_code,
                              actor_agency_id, actor_officer_id, occurred_at, traceparent, payload)
           select event_id, type, aggregate_id, version, subject, agency_id, document_id, dossier_code,
                  actor_agency_id, actor_officer_id, occurred_at, traceparent,
                  substring($15::bytea from start for size)
             from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                         $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::text[], $13::int[], $14::int[])
                  with ordinality as e (event_id, type, aggregate_id, version, subject, agency_id, document_id,
                                        dossier_code, actor_agency_id, actor_officer_id, occurred_at, traceparent,
                                        start, size, n)
            order by n`,
    values: [
      plainArray(column((e) => e.eventId)),
      column((e) => e.type),
      plainArray(column((e) => e.aggregateId)),
      plainArray(column((e) => e.version)),
      column((e) => checkedSubject(root, e)),
      column((e) => e.agencyId),
      column((e) => e.documentId ?? ''),
      column((e) => e.dossierCode ?? ''),
      column((e) => e.actor.agencyId),
      column((e) => e.actor.officerId),
      plainArray(column((e) => e.occurredAt.toISOString())),
      appended.map(({ traceparent }) => traceparent),
      plainArray(payloads.starts),
      plainArray(payloads.sizes),
      payloads.bytes,
    ],
  });
}

function checkedSubject(root: string, { type, agencyCode }: RecordedEvent): string {
  const subject = subjectOf(root, type, agencyCode);
  if (!SUBJECT.test(subject))
    throw new Error(`${JSON.stringify(subject)} is no subject to publish ${type} to`);
  return subject;
}

function checkedPayload({ type, payload }: RecordedEvent): Uint8Array {
  const bytes = encodeEvent(type, payload as never);
  if (bytes.length > MAX_PAYLOAD_BYTES) {
    refuse({
      kind: 'invalid-argument',
      reason: 'EVENT_TOO_LARGE',
      message: `the event ${type} would have ${bytes.length} bytes, at most ${MAX_PAYLOAD_BYTES} are possible; ask for less at once`,
    });
  }
  return bytes;
}
