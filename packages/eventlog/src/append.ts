import { encodeEvent, subjectOf } from '@lienthong/contracts/events';
import type { Tx } from '@lienthong/kit';
import type { RecordedEvent } from './event.ts';

/** An event with the trace it happened in (W3C traceparent, or ''). */
export interface Appended {
  event: RecordedEvent;
  traceparent: string;
}

/**
 * Writes events into the log of the transaction's schema, in the order given.
 * The caller holds the locks of their aggregates; the unique (aggregate_id, version) refuses a writer that does not.
 */
export function append(tx: Tx, root: string, appended: readonly Appended[]): void {
  if (appended.length === 0) return;
  const column = <V>(of: (event: RecordedEvent) => V) => appended.map(({ event }) => of(event));
  tx.send({
    name: 'eventlog_append',
    // `with ordinality … order by` draws the identities in the order of the arrays.
    text: `insert into event (event_id, type, aggregate_id, version, subject, agency_id, document_id, dossier_code,
                              actor_agency_id, actor_officer_id, occurred_at, traceparent, payload)
           select event_id, type, aggregate_id, version, subject, agency_id, document_id, dossier_code,
                  actor_agency_id, actor_officer_id, occurred_at, traceparent, payload
             from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                         $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::text[], $13::bytea[])
                  with ordinality as e (event_id, type, aggregate_id, version, subject, agency_id, document_id,
                                        dossier_code, actor_agency_id, actor_officer_id, occurred_at, traceparent,
                                        payload, n)
            order by n`,
    values: [
      column((e) => e.eventId),
      column((e) => e.type),
      column((e) => e.aggregateId),
      column((e) => e.version),
      column((e) => subjectOf(root, e.type, e.agencyCode)),
      column((e) => e.agencyId),
      column((e) => e.documentId ?? ''),
      column((e) => e.dossierCode ?? ''),
      column((e) => e.actor.agencyId),
      column((e) => e.actor.officerId),
      column((e) => e.occurredAt.toISOString()),
      appended.map(({ traceparent }) => traceparent),
      column((e) => asBuffer(encodeEvent(e.type, e.payload as never))),
    ],
  });
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
