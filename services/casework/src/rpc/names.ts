import { vietnamDate } from '@lienthong/kit';
import { type AgencyRegister, nameAt } from '@lienthong/reference-data';
import { properName } from '../domain/wording/names.ts';

/** An agency's name at an instant, as people read it; '' for an unknown agency. */
export function nameThen(agencies: AgencyRegister, agencyId: string, at: Date): string {
  const agency = agencies.get(agencyId);
  return agency === undefined ? '' : properName(nameAt(agency, vietnamDate(at)));
}
