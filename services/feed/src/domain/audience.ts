import type { Caller, Role } from '@lienthong/kit';
import { type AgencyRegister, standsForAll } from '@lienthong/reference-data';

/** Takes the place of an agency where an event concerns all agencies. */
export const EVERYBODY = '00000000-0000-0000-0000-000000000000';
/** Takes the place of an agency where an event is for administrators alone, of any agency. */
export const ADMINISTRATORS = '00000000-0000-0000-0000-000000000001';

// The roles that may read documents and dossiers in the services that own them.
const WORKS_FOR_AGENCY: readonly Role[] = ['clerk', 'officer', 'leader', 'system'];

/** The ids whose events a caller reads: its agency, agencies it stands for at the date, and the reserved ids. */
export function audienceOf(
  { agencyId, roles }: Pick<Caller, 'agencyId' | 'roles'>,
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
