import { currentHolder, headOf, postingAt, type Reference } from '@lienthong/reference-data';
import type { Audience } from './intent.ts';

export const RecipientKind = { OFFICER: 1, AGENCY: 2, CITIZEN: 3 } as const;
export type RecipientKind = (typeof RecipientKind)[keyof typeof RecipientKind];

export interface Recipient {
  kind: RecipientKind;
  /** Officer or agency; the dossier for citizens. */
  id: string;
  /** The agency whose preferences and office hours apply; '' for citizens. */
  agencyId: string;
}

const OFFICE_ROLES = ['clerk', 'leader'];

/**
 * The recipients of an audience at a date. The successor takes the place of an agency that has ended. An agency without
 * known officers is itself the recipient, in-app, where the people who act for it read the message.
 */
export function recipientsOf(reference: Reference, audience: Audience, date: string): Recipient[] {
  if (audience.who === 'follower')
    return [{ kind: RecipientKind.CITIZEN, id: audience.dossierId, agencyId: '' }];
  if (audience.who === 'officer' && audience.officerId !== '') {
    const officer = reference.officers.get(audience.officerId);
    if (officer === undefined) return [officerOf(audience.officerId, audience.agencyId)];
    const posting = postingAt(reference, officer, date);
    if (posting) return [officerOf(officer.id, posting.agencyId)];
  }
  const agencyId = currentHolder(reference.agencies, audience.agencyId, date)?.id ?? audience.agencyId;
  const office = audience.who === 'office' ? officeOf(reference, agencyId, date) : [];
  if (office.length > 0) return office.map((id) => officerOf(id, agencyId));
  const head = headOf(reference, agencyId, date);
  if (head) return [officerOf(head.id, agencyId)];
  return agencyId === '' ? [] : [{ kind: RecipientKind.AGENCY, id: agencyId, agencyId }];
}

const officerOf = (id: string, agencyId: string): Recipient => ({
  kind: RecipientKind.OFFICER,
  id,
  agencyId,
});

const officeOf = (reference: Reference, agencyId: string, date: string): string[] =>
  [...reference.officers.appointedTo(agencyId)].filter((id) => {
    const officer = reference.officers.get(id);
    const posting = officer && postingAt(reference, officer, date);
    return posting?.agencyId === agencyId && posting.roles.some((role) => OFFICE_ROLES.includes(role));
  });
