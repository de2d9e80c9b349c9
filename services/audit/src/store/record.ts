import type { RawEvent } from '@lienthong/eventlog';
import { createSalts, entryOf } from '@lienthong/evidence';
import { packBytes, plainArray, type Sql, type Tx } from '@lienthong/kit';
import { entriesOf, type NewEntry } from '../domain/entries.ts';
import { type RecordedRow, toRecord } from '../domain/record.ts';

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
  const salts = createSalts(entries.length);
  const rows = entries.map((entry, n) => toRow(source, entry, salts[n] as Buffer));
  const payloads = packBytes(rows.map(({ payload }) => payload));
  return {
    name: 'audit_record_entries',
    text: `with head as (update entry_head set leaves = leaves + $1 returning leaves - $1 as base)
           insert into entry (leaf, source, position, part, kind, event_id, type, occurred_at, actor_agency_id,
                              actor_officer_id, aggregate_id, aggregate_version, document_id, dossier_code, agency_id,
                              traceparent, denied, document_ids, dossier_codes, payload, salt, record_hash)
           select base + n - 1, $2, position, part, kind, event_id, type, occurred_at, nullif(actor_agency_id, '')::uuid,
                  actor_officer_id, aggregate_id, aggregate_version, nullif(document_id, '')::uuid, dossier_code,
                  nullif(agency_id, '')::uuid, traceparent, nullif(denied, ''), document_ids::uuid[],
                  dossier_codes::text[], substring($3::bytea from start for size),
                  substring($4::bytea from (32 * (n - 1) + 1)::int for 32),
                  substring($24::bytea from (32 * (n - 1) + 1)::int for 32)
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
      Buffer.concat(salts),
      plainArray(rows.map((row) => row.position)),
      plainArray(rows.map((row) => row.part)),
      plainArray(rows.map((row) => row.kind)),
      plainArray(rows.map((row) => row.event_id)),
      rows.map((row) => row.type),
      plainArray(rows.map((row) => row.occurred_at.toISOString())),
      rows.map((row) => row.actor_agency_id ?? ''),
      rows.map((row) => row.actor_officer_id),
      plainArray(rows.map((row) => row.aggregate_id)),
      plainArray(rows.map((row) => row.aggregate_version)),
      // What a read is about stands in the arrays alone.
      entries.map((e) => e.documentId),
      entries.map((e) => e.dossierCode),
      rows.map((row) => row.agency_id ?? ''),
      rows.map((row) => row.traceparent),
      entries.map((e) => e.denied),
      entries.map(({ about }) => about && plainArray(about.documentIds)),
      entries.map(({ about }) => about && quotedArray(about.dossierCodes)),
      plainArray(payloads.starts),
      plainArray(payloads.sizes),
      Buffer.concat(rows.map((row) => entryOf(toRecord(row)))),
    ],
  };
}

/** The row as it will be read, so that the record of either is the same. */
function toRow(source: string, entry: NewEntry, salt: Buffer): RecordedRow {
  const { event, about, actor } = entry;
  const { envelope } = event;
  return {
    source,
    position: envelope.position,
    part: entry.part,
    kind: entry.kind,
    event_id: asStored(envelope.eventId),
    type: event.type,
    occurred_at: entry.occurredAt,
    actor_agency_id: asStored(actor.agencyId) || null,
    actor_officer_id: actor.officerId,
    aggregate_id: asStored(envelope.aggregateId),
    aggregate_version: envelope.version,
    document_id: asStored((about ? only(about.documentIds) : undefined) ?? entry.documentId) || null,
    dossier_code: (about ? only(about.dossierCodes) : undefined) ?? entry.dossierCode,
    agency_id: asStored(entry.agencyId) || null,
    traceparent: entry.traceparent,
    payload: entry.payload,
    salt,
  };
}

const only = (ids: readonly string[]): string | undefined => (ids.length === 1 ? ids[0] : undefined);

/** A UUID as PostgreSQL writes it. */
const asStored = (uuid: string): string => uuid.toLowerCase();

/** An array as text; it is itself an element of an array parameter. */
const quotedArray = (texts: readonly string[]): string =>
  `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
