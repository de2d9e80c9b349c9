import { vietnamDate } from '@lienthong/kit';
import { type AgencyRegister, nameAt, properName } from '@lienthong/reference-data';

/** An agency's name at an instant, as people read it; '' for an unknown agency. */
export function nameThen(agencies: AgencyRegister, agencyId: string, at: Date): string {
  const agency = agencies.get(agencyId);
  return agency === undefined ? '' : properName(nameAt(agency, vietnamDate(at)));
}
