import { type Caller, type Reader, type Refusal, refuse } from '@lienthong/kit';
import { hasEnded, nameAt } from '../agencies/agency.ts';
import type { AgencyRegister } from '../agencies/register.ts';
import { currentHolder } from '../agencies/succession.ts';
import type { Refreshed } from '../copy/cache.ts';
import { isPostedAt, postingAt } from './position.ts';
import type { OfficerRegister } from './register.ts';

/** What the check of a caller looks at. */
export interface Registers {
  agencies: Pick<AgencyRegister, 'get'>;
  officers: Pick<OfficerRegister, 'get'>;
}

/**
 * Why a caller may change nothing at a date; undefined when they may. An agency acts while it exists, after its end its
 * successor acts; an officer acts while in position. An agency or officer whom the directory does not know (yet) acts
 * by the token alone. Refusals: AGENCY_ENDED, OFFICER_NOT_IN_POSITION.
 */
export function refusalOfCaller(
  registers: Registers,
  { agencyId, officerId }: Pick<Caller, 'agencyId' | 'officerId'>,
  date: string,
): Refusal | undefined {
  const agency = registers.agencies.get(agencyId);
  if (agency && hasEnded(agency, date)) {
    const successor = currentHolder(registers.agencies, agencyId, date);
    const acts = successor ? `${nameAt(successor, date)} acts in its place` : 'no agency acts in its place';
    return {
      kind: 'failed-precondition',
      reason: 'AGENCY_ENDED',
      message: `your agency ended on ${agency.endedOn}; ${acts}`,
      metadata: { ended_on: agency.endedOn, successor_id: successor?.id ?? '' },
    };
  }
  const officer = registers.officers.get(officerId);
  if (officer === undefined) return undefined;
  // A token without an agency is an administrator's.
  const isInPosition =
    agencyId === ''
      ? postingAt(registers, officer, date) !== undefined
      : isPostedAt(registers, officer, agencyId, date);
  if (isInPosition) return undefined;
  return {
    kind: 'permission-denied',
    reason: 'OFFICER_NOT_IN_POSITION',
    message: 'your position at this agency does not cover this date',
  };
}

/** Brings the registers up to date and refuses a caller who may change nothing today, as `refusalOfCaller` says. */
export async function requireActing(
  reader: Reader,
  registers: { agencies: Registers['agencies'] & Refreshed; officers: Registers['officers'] & Refreshed },
  { caller, today }: { caller: Caller; today: string },
): Promise<void> {
  await Promise.all([registers.agencies.refresh(reader), registers.officers.refresh(reader)]);
  const refusal = refusalOfCaller(registers, caller, today);
  if (refusal) refuse(refusal);
}
