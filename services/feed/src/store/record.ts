import type { ReceivedEvent } from '@lienthong/eventlog';
import { packBytes, plainArray, type Tx } from '@lienthong/kit';
import type { TailRow } from './rows.ts';

export interface FeedEntry {
  event: ReceivedEvent;
  /** Not empty; each once. */
  audience: readonly string[];
}

/**
 * Adds a batch of events, in order, under the next numbers. Send it last: the next writer waits for its lock until this
 * transaction has committed. The commit waits for the disk, unlike that of other consumers: clients keep these numbers
 * as cursors, and after a crash of PostgreSQL no other event may get them.
 * @param onRecorded called after the commit with the rows, as they would be read
 */
export function recordEvents(
  tx: Tx,
  source: string,
  entries: readonly FeedEntry[],
  recordedAt: Date,
  onRecorded: (rows: readonly TailRow[]) => void,
): void {
  if (entries.length === 0) return;
  tx.send({ name: 'feed_record_durably', text: 'set local synchronous_commit = on' });
  const envelopes = entries.map(({ event }) => event.envelope);
  const payloads = packBytes(entries.map(({ event }) => event.bytes));
  const first = tx.query<{ first: number }>({
    name: 'feed_record_events',
    text: `with head as (update feed_head set seq = seq + $1 returning seq - $1 as base),
                recorded as (
                  insert into feed_event (seq, event_id, source, type, aggregate_id, version, occurred_at, recorded_at,
                                          actor_agency_id, actor_officer_id, dossier_code, document_id, traceparent,
                                          audience, payload)
                  select head.base + n, event_id, $2, type, aggregate_id, version, occurred_at, $3, actor_agency_id,
                         actor_officer_id, dossier_code, document_id, traceparent, audience::uuid[],
                         substring($16::bytea from start for size)
                    from head,
                         unnest($4::uuid[], $5::text[], $6::uuid[], $7::bigint[], $8::timestamptz[], $9::text[],
                                $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int[], $17::int[])
                           with ordinality as e (event_id, type, aggregate_id, version, occurred_at, actor_agency_id,
                                                 actor_officer_id, dossier_code, document_id, traceparent, audience,
                                                 start, size, n)
                  returning seq, audience),
                listed as (
                  insert into feed_entry (agency_id, seq)
                  select agency_id, seq from recorded, unnest(audience) as agency_id)
           select base + 1 as first from head`,
    values: [
      entries.length,
      source,
      recordedAt,
      plainArray(envelopes.map((e) => e.eventId)),
      entries.map(({ event }) => event.type),
      plainArray(envelopes.map((e) => e.aggregateId)),
      plainArray(envelopes.map((e) => e.version)),
      plainArray(envelopes.map((e) => e.occurredAt.toISOString())),
      envelopes.map((e) => e.actor.agencyId),
      envelopes.map((e) => e.actor.officerId),
      envelopes.map((e) => e.dossierCode),
      envelopes.map((e) => e.documentId),
      envelopes.map((e) => e.traceparent),
      entries.map(({ audience }) => plainArray(audience)),
      plainArray(payloads.starts),
      payloads.bytes,
      plainArray(payloads.sizes),
    ],
  });
  // Its failure fails the transaction.
  first.catch(() => {});
  tx.onCommit(async () => {
    const [head] = await first;
    onRecorded(entries.map((entry, n) => toRow(source, entry, (head?.first ?? 0) + n)));
  });
}

/** PostgreSQL writes a UUID in lower case. */
const toRow = (source: string, { event, audience }: FeedEntry, seq: number): TailRow => ({
  seq,
  event_id: event.envelope.eventId.toLowerCase(),
  source,
  type: event.type,
  aggregate_id: event.envelope.aggregateId.toLowerCase(),
  version: event.envelope.version,
  occurred_at: event.envelope.occurredAt,
  actor_agency_id: event.envelope.actor.agencyId,
  actor_officer_id: event.envelope.actor.officerId,
  dossier_code: event.envelope.dossierCode,
  document_id: event.envelope.documentId,
  traceparent: event.envelope.traceparent,
  // A copy: the event's bytes are part of all that came from NATS with them.
  payload: Buffer.from(event.bytes),
  audience: audience.map((id) => id.toLowerCase()),
});
