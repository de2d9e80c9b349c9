import type { Language } from '@lienthong/contracts/notification';
import { plainArray, type Tx } from '@lienthong/kit';
import type { RecipientKind } from '../domain/recipients.ts';
import type { KnownChannel, Values } from '../domain/topics.ts';

export interface DigestRow {
  id: string;
  recipient_kind: RecipientKind;
  recipient_id: string;
  agency_id: string | null;
  language: Language;
  quiet: boolean;
  content: Values;
  template_key: string;
}

/**
 * Everything that waits for a digest of up to `limit` people whose time has come, in order. Without a name for the
 * reason said in sending.ts.
 */
export const lockDueDigests = (tx: Tx, channel: KnownChannel, now: Date, limit: number) =>
  tx.query<DigestRow>({
    text: `with people as (
             select distinct recipient_id from (
               select recipient_id from notification
                where channel = $1 and state = 1 and digest and due_at <= $2
                order by due_at limit $3) first)
           select n.id, n.recipient_kind, n.recipient_id, n.agency_id, n.language, n.quiet, n.content, n.template_key
             from notification n
            where n.channel = $1 and n.state = 1 and n.digest and n.due_at <= $2
              and n.recipient_id in (select recipient_id from people)
            order by n.n for update`,
    values: [channel, now.toISOString(), limit],
  });

export interface NewDigest {
  id: string;
  of: readonly DigestRow[];
  content: Values;
  templateKey: string;
}

/** One message in the place of those it collects, which say so. */
export function insertDigests(tx: Tx, channel: KnownChannel, digests: readonly NewDigest[], now: Date): void {
  if (digests.length === 0) return;
  const last = digests.map(({ of }) => of.at(-1) as DigestRow);
  tx.send({
    name: 'insert_digests',
    text: `insert into notification (id, event_id, recipient_kind, recipient_id, agency_id, topic, channel, priority,
                                     state, language, dossier_code, document_id, content, created_at, due_at, quiet,
                                     digest, template_key)
           select id, id, recipient_kind, recipient_id, agency_id, 0, $9, 2, 1, language, '', '', content, $10, $10,
                  quiet, false, template_key
             from unnest($1::uuid[], $2::smallint[], $3::text[], $4::uuid[], $5::smallint[], $6::jsonb[],
                         $7::boolean[], $8::text[])
                  as d (id, recipient_kind, recipient_id, agency_id, language, content, quiet, template_key)`,
    values: [
      plainArray(digests.map(({ id }) => id)),
      last.map((row) => row.recipient_kind),
      last.map((row) => row.recipient_id),
      last.map((row) => row.agency_id),
      last.map((row) => row.language),
      digests.map(({ content }) => JSON.stringify(content)),
      last.map((row) => row.quiet),
      digests.map(({ templateKey }) => templateKey),
      channel,
      now.toISOString(),
    ],
  });
  const collected = digests.flatMap(({ id, of }) => of.map((row) => ({ id: row.id, digestId: id })));
  tx.send({
    name: 'mark_digested',
    text: `update notification n set state = 5, digest_id = c.digest_id
             from unnest($1::uuid[], $2::uuid[]) as c (id, digest_id) where n.id = c.id`,
    values: [plainArray(collected.map((c) => c.id)), plainArray(collected.map((c) => c.digestId))],
  });
}

/** A digest of one is the message itself. */
export function sendAlone(tx: Tx, ids: readonly string[]): void {
  if (ids.length === 0) return;
  tx.send({
    name: 'send_alone',
    text: 'update notification set digest = false where id = any($1::uuid[])',
    values: [plainArray(ids)],
  });
}
