import type { Officer } from '@lienthong/contracts/directory';
import { isThere } from '../agencies/agency.ts';
import type { AgencyRegister } from '../agencies/register.ts';
import { isInForce } from '../span.ts';
import type { OfficerRegister } from './register.ts';

/** What a question about officers looks at. */
export interface Reference {
  agencies: AgencyRegister;
  officers: OfficerRegister;
}

/** True when the officer is in position at a date. Officers leave with their agency, though no event of theirs says so. */
export function activeAt({ agencies }: Pick<Reference, 'agencies'>, officer: Officer, date: string): boolean {
  const agency = agencies.get(officer.agencyId);
  return agency !== undefined && isThere(agency, date) && isInForce(officer, date);
}

/** The head of an agency at a date, accountable when no other officer is named; undefined when there is none. */
export function headOf(reference: Reference, agencyId: string, date: string): Officer | undefined {
  for (const id of reference.officers.appointedTo(agencyId)) {
    const officer = reference.officers.get(id);
    if (officer?.head && activeAt(reference, officer, date)) return officer;
  }
  return undefined;
}
