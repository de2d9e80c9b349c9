import type { Officer, Posting } from '@lienthong/contracts/directory';
import { hasEnded, isThere } from '../agencies/agency.ts';
import type { AgencyRegister } from '../agencies/register.ts';
import { isInForce } from '../span.ts';
import { postingsOf } from './postings.ts';
import type { OfficerRegister } from './register.ts';

/** What a question about officers looks at. */
export interface Reference {
  agencies: AgencyRegister;
  officers: OfficerRegister;
}

/**
 * The posting that an officer holds at a date; undefined when there is none. Officers go with the work of an agency that
 * ends: the successor's posting holds from that day, even while the event of their move is on its way.
 */
export function postingAt(
  { agencies }: { agencies: Pick<AgencyRegister, 'get'> },
  officer: Officer,
  date: string,
): Posting | undefined {
  const recorded = isInForce(officer, date) ? officer : officer.earlier.find((one) => isInForce(one, date));
  if (recorded === undefined) return undefined;
  const agency = agencies.get(recorded.agencyId);
  if (agency === undefined) return undefined;
  if (isThere(agency, date)) return recorded;
  const seen = new Set([agency]);
  let at = agency;
  while (hasEnded(at, date)) {
    const edge = at.successors.find((one) => one.officersFollow);
    const next = edge && agencies.get(edge.successorId);
    if (next === undefined || seen.has(next)) return undefined;
    seen.add(next);
    at = next;
  }
  return isThere(at, date) ? { ...recorded, agencyId: at.id, head: false } : undefined;
}

/** True when the officer is in position at the agency at a date. */
export const isPostedAt = (
  reference: { agencies: Pick<AgencyRegister, 'get'> },
  officer: Officer,
  agencyId: string,
  date: string,
): boolean => postingAt(reference, officer, date)?.agencyId === agencyId;

/**
 * True when the officer is in position at the agency, or came from it with its work: the move may be known before the
 * agency's end is.
 */
export function cameAlong(
  reference: { agencies: Pick<AgencyRegister, 'get'> },
  officer: Officer,
  agencyId: string,
  date: string,
): boolean {
  if (isPostedAt(reference, officer, agencyId, date)) return true;
  const postings = postingsOf(officer);
  for (let i = postings.findIndex((one) => isInForce(one, date)); postings[i]?.afterEnd; i -= 1)
    if (postings[i - 1]?.agencyId === agencyId) return true;
  return false;
}

/** The head of an agency at a date, accountable when no other officer is named; undefined when there is none. */
export function headOf(reference: Reference, agencyId: string, date: string): Officer | undefined {
  for (const id of reference.officers.appointedTo(agencyId)) {
    const officer = reference.officers.get(id);
    const posting = officer && postingAt(reference, officer, date);
    if (posting?.head && posting.agencyId === agencyId) return officer;
  }
  return undefined;
}
