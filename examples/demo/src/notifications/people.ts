import { type AgencyClient, connectAgency } from '@lienthong/client';
import type { DossierStatus } from '@lienthong/contracts/casework';
import { Language, Topic } from '@lienthong/contracts/notification';
import type { Platform } from '@lienthong/standalone';
import type { Case } from '../dossiers/ledger.ts';
import type { Offices } from '../dossiers/officers.ts';
import type { Conduct } from '../dossiers/plan.ts';

/** An officer or head with a contact and preferences. */
export interface Person {
  officerId: string;
  agencyId: string;
  head: boolean;
  client: AgencyClient;
  /** Empty: notified in the application alone. */
  email: string;
  /** Topics for which they turned mails off. */
  noMailOf: ReadonlySet<Topic>;
}

/** A citizen who opted in to notifications, with the code and secret of the receipt. */
export interface Citizen {
  dossierId: string;
  email: string;
  /** How the dossier stood then. */
  version: number;
  status: DossierStatus;
}

export interface People {
  persons: Person[];
  /** How many documents had arrived at agencies when the persons got their addresses. */
  arrivedBefore: number;
  citizens: Citizen[];
}

/** Officers and heads set a contact with their own clients; heads want mails only about late dossiers. */
export async function giveContacts(offices: Offices, agencyIds: readonly string[]): Promise<Person[]> {
  const desks = await Promise.all(agencyIds.map((id) => offices.of(id)));
  const persons = desks.flatMap(({ officer, head }, i): Person[] => [
    {
      ...{ officerId: officer.id, agencyId: agencyIds[i] ?? '', head: false, client: officer.client },
      // One of them reads in the application alone.
      email: i === desks.length - 1 ? '' : `can-bo-${i + 1}@vinhlong.example`,
      noMailOf: new Set(),
    },
    {
      ...{ officerId: head.id, agencyId: agencyIds[i] ?? '', head: true, client: head.client },
      email: `thu-truong-${i + 1}@vinhlong.example`,
      noMailOf: new Set([Topic.DEADLINE_NEAR]),
    },
  ]);
  await Promise.all(
    persons.map(async ({ client: { notifications }, email, noMailOf }) => {
      if (email !== '') await notifications.setContact({ contact: { email } });
      const topics = [...noMailOf].map((topic) => ({ topic, channels: [], digest: false }));
      if (topics.length > 0) await notifications.setPreferences({ preferences: { topics } });
    }),
  );
  return persons;
}

const CURIOUS: ReadonlySet<Conduct> = new Set([
  'supplemented',
  'refused by a step',
  'withdrawn',
  'extended',
  'held through the merger',
]);

export const wantsToFollow = ({ conduct, secret }: Case): boolean => secret !== '' && CURIOUS.has(conduct);

/** A citizen opts in, without a token; some read English. */
export async function followAsCitizen(
  { address, tls }: Pick<Platform, 'address' | 'tls'>,
  people: People,
  one: Case,
): Promise<void> {
  const number = people.citizens.length + 1;
  const email = `cong-dan-${number}@nguoi-dan.example`;
  people.citizens.push({
    dossierId: one.id,
    email,
    version: Number(one.version),
    status: one.status,
  });
  const anybody = connectAgency({ address, tls });
  try {
    await anybody.following.followDossier({
      code: one.code,
      secret: one.secret,
      contact: { email },
      language: number % 5 === 0 ? Language.EN : Language.VI,
    });
  } finally {
    anybody.close();
  }
}
