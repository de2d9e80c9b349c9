import { vietnamDate } from '@lienthong/kit';
import { type AgencyRegister, nameAt } from '@lienthong/reference-data';

/** What an agency was called at an instant; '' for one that is not known. */
export function nameThen(agencies: AgencyRegister, agencyId: string, at: Date): string {
  const agency = agencies.get(agencyId);
  return agency === undefined ? '' : nameAt(agency, vietnamDate(at));
}
