import { StrandedReason } from '@lienthong/contracts/casework';
import {
  type AgencyRegister,
  currentHolder,
  isPostedAt,
  type OfficerRegister,
} from '@lienthong/reference-data';

/**
 * Why the open work of an agency is in nobody's work list at a date; undefined when it is in somebody's. An agency that
 * has never had officers works by its system.
 */
export function strandedReason(
  reference: {
    agencies: Pick<AgencyRegister, 'get'>;
    officers: Pick<OfficerRegister, 'get' | 'appointedTo'>;
  },
  agencyId: string,
  date: string,
): StrandedReason | undefined {
  const { agencies, officers } = reference;
  const holder = currentHolder(agencies, agencyId, date);
  if (holder === undefined) return StrandedReason.NO_AGENCY;
  // Its work is on the way to the successor.
  if (holder.id !== agencyId) return undefined;
  const appointed = [...officers.appointedTo(agencyId)].flatMap((id) => officers.get(id) ?? []);
  if (appointed.length === 0) return undefined;
  return appointed.some((officer) => isPostedAt(reference, officer, agencyId, date))
    ? undefined
    : StrandedReason.NO_OFFICER;
}
