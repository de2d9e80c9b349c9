import { type Language, MessageChannel, Preferences } from '@lienthong/contracts/notification';
import type { Reader, Sql, Tx } from '@lienthong/kit';
import type { People } from '../domain/plan.ts';
import { type Recipient, RecipientKind } from '../domain/recipients.ts';
import type { KnownChannel } from '../domain/topics.ts';
import { agenciesWithEndpoint } from './endpoints.ts';

interface ContactPresence {
  id: string;
  email: boolean;
  phone: boolean;
}

interface FollowerPresence extends ContactPresence {
  language: Language;
  channel: MessageChannel;
}

/** What planning needs to know of the recipients: one flight for any number of them. */
export async function readPeople(reader: Reader, recipients: readonly Recipient[]): Promise<People> {
  const idsOf = (kind: RecipientKind) => [
    ...new Set(recipients.filter((r) => r.kind === kind).map((r) => r.id)),
  ];
  const officers = idsOf(RecipientKind.OFFICER);
  const dossiers = idsOf(RecipientKind.CITIZEN);
  const agencies = [...new Set(recipients.map((r) => r.agencyId).filter((id) => id !== ''))];
  const [preferences, endpoints, contacts, followers] = await Promise.all([
    readPreferences(reader, officers, agencies),
    agencies.length === 0 ? new Set<string>() : agenciesWithEndpoint(reader, agencies),
    ifAny<ContactPresence>(reader, officers, {
      name: 'which_officer_contacts',
      text: `select officer_id as id, email is not null and email_failed_at is null as email, phone is not null as phone
               from officer_contact where officer_id = any($1::text[])`,
      values: [officers],
    }),
    ifAny<FollowerPresence>(reader, dossiers, {
      name: 'which_followers',
      text: `select dossier_id as id, email is not null and email_failed_at is null as email, phone is not null as phone,
                    language, channel
               from follower where dossier_id = any($1::uuid[])`,
      values: [dossiers],
    }),
  ]);
  const reach = new Map(contacts.map((row) => [row.id, row]));
  const following = new Map(followers.map((row) => [row.id, row]));
  return {
    preferences: (kind, id) => preferences.get(keyOf(kind, id)),
    hasEndpoint: (agencyId) => endpoints.has(agencyId),
    languageOf: (dossierId) => following.get(dossierId)?.language,
    reachable({ kind, id }) {
      if (kind === RecipientKind.CITIZEN) return ofFollower(following.get(id));
      // A message to an agency itself goes in-app, or to its own system.
      const always = [MessageChannel.IN_APP, MessageChannel.WEBHOOK];
      return kind === RecipientKind.AGENCY ? always : [...always, ...byContact(reach.get(id))];
    },
  };
}

const ifAny = <R>(reader: Reader, ids: readonly string[], sql: Sql): Promise<R[]> =>
  ids.length === 0 ? Promise.resolve([]) : reader.query<R>(sql);

const byContact = (has: ContactPresence | undefined): KnownChannel[] => [
  ...(has?.email ? [MessageChannel.EMAIL] : []),
  ...(has?.phone ? [MessageChannel.SMS] : []),
];

/** The chosen channel first. */
function ofFollower(follower: FollowerPresence | undefined): KnownChannel[] {
  const reachable = byContact(follower);
  return follower?.channel === MessageChannel.SMS ? reachable.reverse() : reachable;
}

const keyOf = (kind: RecipientKind, id: string) => `${kind} ${id}`;

export async function readPreferences(
  reader: Reader,
  officerIds: readonly string[],
  agencyIds: readonly string[],
): Promise<Map<string, Preferences>> {
  const rows = await reader.query<{ owner_kind: RecipientKind; owner_id: string; record: Buffer }>({
    name: 'read_preferences',
    text: `select owner_kind, owner_id, record from preference
            where owner_kind = ${RecipientKind.OFFICER} and owner_id = any($1::text[])
               or owner_kind = ${RecipientKind.AGENCY} and owner_id = any($2::text[])`,
    values: [officerIds, agencyIds],
  });
  return new Map(rows.map((row) => [keyOf(row.owner_kind, row.owner_id), Preferences.decode(row.record)]));
}

/** The preferences of an officer, and of the officer's agency. */
export async function readOwnPreferences(
  reader: Reader,
  officerId: string,
  agencyId: string,
): Promise<{ own: Preferences | undefined; agency: Preferences | undefined }> {
  const found = await readPreferences(reader, [officerId], [agencyId]);
  return {
    own: found.get(keyOf(RecipientKind.OFFICER, officerId)),
    agency: found.get(keyOf(RecipientKind.AGENCY, agencyId)),
  };
}

export function savePreferences(
  tx: Tx,
  kind: RecipientKind,
  ownerId: string,
  preferences: Preferences,
  now: Date,
): void {
  tx.send({
    name: 'save_preferences',
    text: `insert into preference (owner_kind, owner_id, record, changed_at) values ($1, $2, $3, $4)
           on conflict (owner_kind, owner_id) do update
              set record = excluded.record, changed_at = excluded.changed_at`,
    values: [kind, ownerId, Buffer.from(Preferences.encode(preferences).finish()), now.toISOString()],
  });
}
