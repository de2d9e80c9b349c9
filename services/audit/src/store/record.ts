import type { RawEvent } from '@lienthong/eventlog';
import { createSalt } from '@lienthong/evidence';
import { packBytes, plainArray, type Tx } from '@lienthong/kit';

/**
 * Adds a batch of events, in order, as the next leaves; one statement. Send it last: the next writer waits for the lock
 * of the head until this transaction has committed.
 */
export function recordEntries(tx: Tx, source: string, events: readonly RawEvent[]): void {
  const envelopes = events.map((event) => event.envelope);
  const payloads = packBytes(events.map(({ bytes }) => bytes));
  tx.send({
    name: 'audit_record_entries',
    text: `with head as (update entry_head set leaves = leaves + $17 returning leaves - $17 as base)
           insert into entry (leaf, source, position, event_id, type, occurred_at, actor_agency_id, actor_officer_id,
                              aggregate_id, aggregate_version, document_id, dossier_code, agency_id, traceparent,
                              payload, salt)
           select base + n - 1, $1, position, event_id, type, occurred_at, nullif(actor_agency_id, '')::uuid,
                  actor_officer_id, aggregate_id, aggregate_version, nullif(document_id, '')::uuid, dossier_code,
                  nullif(agency_id, '')::uuid, traceparent, substring($16::bytea from start for size),
                  substring($18::bytea from (32 * (n - 1) + 1)::int for 32)
             from head,
                  unnest($2::bigint[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::uuid[],
                         $9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::int[], $15::int[])
                  with ordinality as e (position, event_id, type, occurred_at, actor_agency_id, actor_officer_id,
                                        aggregate_id, aggregate_version, document_id, dossier_code, agency_id,
                                        traceparent, start, size, n)`,
    values: [
      source,
      plainArray(envelopes.map((e) => e.position)),
      plainArray(envelopes.map((e) => e.eventId)),
      events.map((event) => event.type),
      plainArray(envelopes.map((e) => e.occurredAt.toISOString())),
      envelopes.map((e) => e.actor.agencyId),
      envelopes.map((e) => e.actor.officerId),
      plainArray(envelopes.map((e) => e.aggregateId)),
      plainArray(envelopes.map((e) => e.version)),
      envelopes.map((e) => e.documentId),
      envelopes.map((e) => e.dossierCode),
      envelopes.map((e) => e.agencyId),
      envelopes.map((e) => e.traceparent),
      plainArray(payloads.starts),
      plainArray(payloads.sizes),
      payloads.bytes,
      events.length,
      Buffer.concat(events.map(createSalt)),
    ],
  });
}
