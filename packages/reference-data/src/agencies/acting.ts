import type { Agency } from '@lienthong/contracts/directory';
import { failure, type Refusal, type Result, success } from '@lienthong/kit/pure';
import { hasBegun, hasEnded, nameAt } from './agency.ts';
import type { AgencyRegister } from './register.ts';
import { currentHolder } from './succession.ts';

/**
 * The agency with this id, which may act at the date: it exists then. After its end its successor acts.
 * Refusals: AGENCY_UNKNOWN, AGENCY_ENDED.
 */
export function actingAgency(
  register: Pick<AgencyRegister, 'get'>,
  agencyId: string,
  date: string,
): Result<Agency> {
  const agency = register.get(agencyId);
  if (agency === undefined || !hasBegun(agency, date)) return failure(agencyUnknown);
  if (!hasEnded(agency, date)) return success(agency);
  const successor = currentHolder(register, agencyId, date);
  const acts = successor ? `${nameAt(successor, date)} acts in its place` : 'no agency acts in its place';
  return failure({
    kind: 'failed-precondition',
    reason: 'AGENCY_ENDED',
    message: `your agency ended on ${agency.endedOn}; ${acts}`,
    metadata: { ended_on: agency.endedOn, successor_id: successor?.id ?? '' },
  });
}

const agencyUnknown: Refusal = {
  kind: 'failed-precondition',
  reason: 'AGENCY_UNKNOWN',
  message: 'the agency of your token is not in the directory at this date; if it is new, retry in a moment',
};
