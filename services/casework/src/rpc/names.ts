import { vietnamDate } from '@lienthong/kit';
import { type AgencyRegister, nameAt } from '@lienthong/reference-data';

/** An agency's name at an instant; '' for an unknown agency. */
export function nameThen(agencies: AgencyRegister, agencyId: string, at: Date): string {
  const agency = agencies.get(agencyId);
  return agency === undefined ? '' : nameAt(agency, vietnamDate(at));
}
