import { encodeMessage } from '@lienthong/contracts/encode';
import { Document, SignatureState } from '@lienthong/contracts/routing';
import type { FileUse } from '@lienthong/file-store';
import { packBytes, searchWords, type Tx } from '@lienthong/kit';
import type { IssuedDocument, SeriesChange } from '../domain/change.ts';
import { numberKey } from '../domain/numbering.ts';

export function insertDocuments(tx: Tx, issued: readonly IssuedDocument[]): void {
  const documents = issued.map(({ document }) => document);
  const column = <V>(of: (document: Document) => V) => documents.map(of);
  const records = packBytes(column((d) => encodeMessage(Document, d)));
  tx.send({
    name: 'insert_documents',
    text: `insert into document (id, issuer_id, issuer_name, issuer_code, number, notation, year, number_key, type,
                                 subject, urgency, steering, business_kind, promulgated_on, due_on, attachment_count,
                                 issued_at, given_number, signature_state, words, record)
           select id, issuer_id, issuer_name, issuer_code, number, notation, year, number_key, type, subject, urgency,
                  steering, business_kind, promulgated_on, due_on, attachment_count, issued_at, given_number, signature_state,
                  array_to_tsvector(string_to_array(words, ' ')), substring($23::bytea from start for size)
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[],
                         $8::text[], $9::text[], $10::text[], $11::smallint[], $12::smallint[], $13::smallint[],
                         $14::date[], $15::date[], $16::int[], $17::timestamptz[], $18::bigint[], $19::smallint[], $20::text[],
                         $21::int[], $22::int[])
                  as d (id, issuer_id, issuer_name, issuer_code, number, notation, year, number_key, type, subject,
                        urgency, steering, business_kind, promulgated_on, due_on, attachment_count, issued_at,
                        given_number, signature_state, words, start, size)`,
    values: [
      column((d) => d.id),
      column((d) => d.issuerId),
      column((d) => d.issuerName),
      issued.map(({ issuerCode }) => issuerCode),
      column((d) => d.number),
      column((d) => d.notation),
      column((d) => d.year),
      column((d) => numberKey(d.number)),
      column((d) => d.type),
      column((d) => d.subject),
      column((d) => d.urgency),
      column((d) => d.steering),
      column((d) => d.businessKind),
      column((d) => d.promulgatedOn),
      column((d) => d.dueOn || null),
      column((d) => d.attachments.length),
      column((d) => d.issuedAt?.toISOString()),
      issued.map(({ givenNumber }) => givenNumber),
      column((d) => d.signatureVerdict?.state ?? SignatureState.UNSPECIFIED),
      column((d) => searchWords(`${d.subject} ${d.number} ${d.notation}`)),
      records.starts,
      records.sizes,
      records.bytes,
    ],
  });
}

/** Writes the last change of each series; the rows exist and are locked since the batch was loaded. */
export function updateSeries(tx: Tx, changes: readonly SeriesChange[]): void {
  const rows = [...new Map(changes.map((change) => [change.record.id, change.record])).values()];
  tx.send({
    name: 'update_series',
    text: `update number_series s set next = n.next, last_drawn = n.last_drawn, version = n.version
             from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::int[]) as n (id, next, last_drawn, version)
            where s.id = n.id`,
    values: [
      rows.map((one) => one.id),
      rows.map((one) => one.next),
      rows.map((one) => one.lastDrawn),
      rows.map((one) => one.version),
    ],
  });
}

/** The files that new documents carry. */
export const filesOf = (issued: readonly IssuedDocument[]): FileUse[] =>
  issued.flatMap(({ document: { id, attachments } }) =>
    attachments.map(({ sha256 }) => ({ sha256, ownerId: id })),
  );
