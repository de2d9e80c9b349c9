import { type Language, NotificationState, Priority } from '@lienthong/contracts/notification';
import { plainArray, type Tx } from '@lienthong/kit';
import type { RecipientKind } from '../domain/recipients.ts';
import { DIGEST_TOPIC, type KnownChannel, type Values } from '../domain/topics.ts';

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
 * Locks all messages of up to `limit` due digests, in order. The statement has no name for the reason in
 * claim-and-record.ts.
 */
export const lockDueDigests = (tx: Tx, channel: KnownChannel, now: Date, limit: number) =>
  tx.query<DigestRow>({
    text: `with people as (
             select distinct recipient_id from (
               select recipient_id from notification
                where channel = $1 and state = ${NotificationState.PENDING} and digest and due_at <= $2
                order by due_at limit $3) first)
           select n.id, n.recipient_kind, n.recipient_id, n.agency_id, n.language, n.quiet, n.content, n.template_key
             from notification n
            where n.channel = $1 and n.state = ${NotificationState.PENDING} and n.digest and n.due_at <= $2
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

/** Inserts each digest, and marks the messages that it collects. */
export function insertDigests(tx: Tx, channel: KnownChannel, digests: readonly NewDigest[], now: Date): void {
  if (digests.length === 0) return;
  const last = digests.map(({ of }) => of.at(-1) as DigestRow);
  tx.send({
    name: 'insert_digests',
    text: `insert into notification (id, event_id, recipient_kind, recipient_id, agency_id, topic, channel, priority,
                                     state, language, dossier_code, document_id, content, created_at, due_at, quiet,
                                     digest, template_key)
           select id, id, recipient_kind, recipient_id, agency_id, ${DIGEST_TOPIC}, $9,
                  ${Priority.NORMAL}, ${NotificationState.PENDING}, language, '', '', content, $10, $10,
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
    text: `update notification n set state = ${NotificationState.DIGESTED}, digest_id = c.digest_id
             from unnest($1::uuid[], $2::uuid[]) as c (id, digest_id) where n.id = c.id`,
    values: [plainArray(collected.map((c) => c.id)), plainArray(collected.map((c) => c.digestId))],
  });
}

/** A digest of one message is the message itself. */
export function sendAlone(tx: Tx, ids: readonly string[]): void {
  if (ids.length === 0) return;
  tx.send({
    name: 'send_alone',
    text: 'update notification set digest = false where id = any($1::uuid[])',
    values: [plainArray(ids)],
  });
}
