import type { Caller, Role } from '@lienthong/kit';
import { type AgencyRegister, standsForAll } from '@lienthong/reference-data';

/** Stands in the place of an agency where an event concerns everybody. */
export const EVERYBODY = '00000000-0000-0000-0000-000000000000';
/** And where it is for administrators alone, of whichever agency. */
export const ADMINISTRATORS = '00000000-0000-0000-0000-000000000001';

// Who may read documents and dossiers in the services that own them.
const WORKS_FOR_AGENCY: readonly Role[] = ['clerk', 'officer', 'leader', 'system'];

/** Whose events a caller reads: its agency's, those of agencies it stands for at the date, and what is for all. */
export function audienceOf(
  { agencyId, roles }: Caller,
  agencies: AgencyRegister,
  today: string,
): readonly string[] {
  const works = agencyId !== '' && roles.some((role) => WORKS_FOR_AGENCY.includes(role));
  return [
    EVERYBODY,
    ...(roles.includes('admin') ? [ADMINISTRATORS] : []),
    ...(works ? standsForAll(agencies, agencyId, today) : []),
  ];
}
