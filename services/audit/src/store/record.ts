import type { RawEvent } from '@lienthong/eventlog';
import { createSalt } from '@lienthong/evidence';
import { packBytes, plainArray, type Sql, type Tx } from '@lienthong/kit';
import { entriesOf, type NewEntry } from '../domain/entries.ts';

/** The rows that one statement adds, and memory holds: a batch of events may have hundreds of thousands of reads. */
const MAX_ROWS = 4_096;

/**
 * Adds a batch of events, in order, as the next leaves. Send it last: the next writer waits for the lock of the head
 * until this transaction has committed.
 */
export async function recordEntries(tx: Tx, source: string, events: readonly RawEvent[]): Promise<void> {
  let entries: NewEntry[] = [];
  for (const event of events)
    for (const entry of entriesOf(event)) {
      if (entries.length === MAX_ROWS) {
        await tx.query(insertOf(source, entries));
        entries = [];
      }
      entries.push(entry);
    }
  tx.send(insertOf(source, entries));
}

function insertOf(source: string, entries: readonly NewEntry[]): Sql {
  const envelopes = entries.map(({ event }) => event.envelope);
  const payloads = packBytes(entries.map(({ payload }) => payload));
  return {
    name: 'audit_record_entries',
    text: `with head as (update entry_head set leaves = leaves + $1 returning leaves - $1 as base)
           insert into entry (leaf, source, position, part, kind, event_id, type, occurred_at, actor_agency_id,
                              actor_officer_id, aggregate_id, aggregate_version, document_id, dossier_code, agency_id,
                              traceparent, denied, document_ids, dossier_codes, payload, salt)
           select base + n - 1, $2, position, part, kind, event_id, type, occurred_at, nullif(actor_agency_id, '')::uuid,
                  actor_officer_id, aggregate_id, aggregate_version, nullif(document_id, '')::uuid, dossier_code,
                  nullif(agency_id, '')::uuid, traceparent, nullif(denied, ''), document_ids::uuid[],
                  dossier_codes::text[], substring($3::bytea from start for size),
                  substring($4::bytea from (32 * (n - 1) + 1)::int for 32)
             from head,
                  unnest($5::bigint[], $6::int[], $7::text[], $8::uuid[], $9::text[], $10::timestamptz[], $11::text[],
                         $12::text[], $13::uuid[], $14::bigint[], $15::text[], $16::text[], $17::text[], $18::text[],
                         $19::text[], $20::text[], $21::text[], $22::int[], $23::int[])
                  with ordinality as e (position, part, kind, event_id, type, occurred_at, actor_agency_id,
                                        actor_officer_id, aggregate_id, aggregate_version, document_id, dossier_code,
                                        agency_id, traceparent, denied, document_ids, dossier_codes, start, size, n)`,
    values: [
      entries.length,
      source,
      payloads.bytes,
      Buffer.concat(entries.map(createSalt)),
      plainArray(envelopes.map((e) => e.position)),
      plainArray(entries.map((e) => e.part)),
      plainArray(entries.map((e) => e.kind)),
      plainArray(envelopes.map((e) => e.eventId)),
      entries.map(({ event }) => event.type),
      plainArray(entries.map((e) => e.occurredAt.toISOString())),
      entries.map((e) => e.actor.agencyId),
      entries.map((e) => e.actor.officerId),
      plainArray(envelopes.map((e) => e.aggregateId)),
      plainArray(envelopes.map((e) => e.version)),
      entries.map((e) => e.documentId),
      entries.map((e) => e.dossierCode),
      entries.map((e) => e.agencyId),
      entries.map((e) => e.traceparent),
      entries.map((e) => e.denied),
      entries.map(({ about }) => about && plainArray(about.documentIds)),
      entries.map(({ about }) => about && quotedArray(about.dossierCodes)),
      plainArray(payloads.starts),
      plainArray(payloads.sizes),
    ],
  };
}

/** An array as text; it is itself an element of an array parameter. */
const quotedArray = (texts: readonly string[]): string =>
  `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
