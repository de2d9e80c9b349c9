import { type Language, MessageChannel, NotificationState } from '@lienthong/contracts/notification';
import { type Reader, type Sealer, type Tx, tryOpen } from '@lienthong/kit';
import { RecipientKind } from '../domain/recipients.ts';
import { DIGEST_TOPIC } from '../domain/topics.ts';

/** Addresses in clear; '' for none, undefined for one that no sealing key opens. Never to be logged. */
export interface OpenedContact {
  email: string | undefined;
  phone: string | undefined;
  /** Since when mails to the address do not arrive. */
  emailFailedAt: Date | null;
}

/** Addresses in clear; '' for none. Never to be logged. */
export interface ClearContact {
  email: string;
  phone: string;
}

interface SealedRow {
  id: string;
  email: string | null;
  phone: string | null;
  email_failed_at: Date | null;
}

export const contactPlace = (kind: RecipientKind, id: string, part: 'email' | 'phone') =>
  `notification/${kind}/${id}/${part}`;

const sealContact = (sealer: Sealer, kind: RecipientKind, id: string, { email, phone }: ClearContact) =>
  (
    [
      ['email', email],
      ['phone', phone],
    ] as const
  ).map(([part, text]) => (text === '' ? null : sealer.seal(text, contactPlace(kind, id, part))));

export function saveOfficerContact(
  tx: Tx,
  sealer: Sealer,
  officerId: string,
  contact: ClearContact,
  now: Date,
): void {
  tx.send({
    name: 'save_officer_contact',
    text: `insert into officer_contact (officer_id, email, phone, changed_at) values ($1, $2, $3, $4)
           on conflict (officer_id) do update
              set email = excluded.email, phone = excluded.phone, changed_at = excluded.changed_at,
                  email_failed_at = null`,
    values: [officerId, ...sealContact(sealer, RecipientKind.OFFICER, officerId, contact), now.toISOString()],
  });
}

/** How a citizen follows a dossier. */
export interface Following {
  contact: ClearContact;
  language: Language;
  /** Unspecified: e-mail, or SMS when no e-mail address is given. */
  channel: MessageChannel;
}

export function saveFollower(
  tx: Tx,
  sealer: Sealer,
  dossierId: string,
  { contact, language, channel }: Following,
  now: Date,
): void {
  tx.send({
    name: 'save_follower',
    text: `insert into follower (dossier_id, email, phone, language, channel, since) values ($1, $2, $3, $4, $5, $6)
           on conflict (dossier_id) do update
              set email = excluded.email, phone = excluded.phone, language = excluded.language,
                  channel = excluded.channel, since = excluded.since, email_failed_at = null`,
    values: [
      dossierId,
      ...sealContact(sealer, RecipientKind.CITIZEN, dossierId, contact),
      language,
      channel,
      now.toISOString(),
    ],
  });
}

/** Deletes the contact and the pending messages to it. */
export function deleteFollower(tx: Tx, dossierId: string): void {
  tx.send({
    name: 'delete_follower',
    text: 'delete from follower where dossier_id = $1',
    values: [dossierId],
  });
  tx.send({
    name: 'delete_follower_pending',
    text: `delete from notification
            where recipient_id = $1 and recipient_kind = ${RecipientKind.CITIZEN} and state = ${NotificationState.PENDING}
              and (leased_until is null or leased_until < now())`,
    values: [dossierId],
  });
}

/** Deletes an officer's pending mails of a topic; of DIGEST_TOPIC those that wait for a digest too. */
export function deletePendingMails(tx: Tx, officerId: string, topic: number): void {
  tx.send({
    name: 'delete_pending_mails',
    text: `delete from notification
            where recipient_id = $1 and recipient_kind = ${RecipientKind.OFFICER} and state = ${NotificationState.PENDING}
              and channel = ${MessageChannel.EMAIL} and (topic = $2 or $2 = ${DIGEST_TOPIC} and digest)
              and (leased_until is null or leased_until < now())`,
    values: [officerId, topic],
  });
}

/** The opened contacts of officers or citizens, by id. */
export async function readContacts(
  reader: Reader,
  sealer: Sealer,
  kind: typeof RecipientKind.OFFICER | typeof RecipientKind.CITIZEN,
  ids: readonly string[],
): Promise<Map<string, OpenedContact>> {
  if (ids.length === 0) return new Map();
  const officers = kind === RecipientKind.OFFICER;
  const rows = await reader.query<SealedRow>({
    name: officers ? 'read_officer_contacts' : 'read_follower_contacts',
    text: officers
      ? 'select officer_id as id, email, phone, email_failed_at from officer_contact where officer_id = any($1::text[])'
      : 'select dossier_id as id, email, phone, email_failed_at from follower where dossier_id = any($1::uuid[])',
    values: [ids],
  });
  const open = (id: string, part: 'email' | 'phone', text: string | null) =>
    text === null ? '' : tryOpen(sealer, text, contactPlace(kind, id, part));
  return new Map(
    rows.map(({ id, email, phone, email_failed_at: emailFailedAt }) => [
      id,
      { email: open(id, 'email', email), phone: open(id, 'phone', phone), emailFailedAt },
    ]),
  );
}

/**
 * Marks the address to which a mail was sent, so that no further ones are; one that was set after that stays. Resolves to
 * the sealed address, undefined when nothing is marked.
 */
export async function markEmailFailed(
  tx: Tx,
  kind: typeof RecipientKind.OFFICER | typeof RecipientKind.CITIZEN,
  id: string,
  sentAt: Date,
  now: Date,
): Promise<string | undefined> {
  const officers = kind === RecipientKind.OFFICER;
  const rows = await tx.query<{ email: string }>({
    name: officers ? 'mark_officer_email' : 'mark_follower_email',
    text: officers
      ? `update officer_contact set email_failed_at = $3
          where officer_id = $1 and email is not null and email_failed_at is null and changed_at <= $2 returning email`
      : `update follower set email_failed_at = $3
          where dossier_id = $1::uuid and email is not null and email_failed_at is null and since <= $2 returning email`,
    values: [id, sentAt.toISOString(), now.toISOString()],
  });
  return rows[0]?.email;
}
