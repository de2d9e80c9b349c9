import type { Agency, Succession } from '@lienthong/contracts/directory';
import { hasEnded } from './agency.ts';
import type { AgencyRegister } from './register.ts';

/** Who goes on with what no rule assigns elsewhere. */
export const mainSuccession = (agency: Agency): Succession | undefined =>
  agency.successors.find((one) => one.main) ??
  (agency.successors.length === 1 ? agency.successors[0] : undefined);

/** An agency and, if it has ended by the date, its main successor, and so on; ends at an agency without successor. */
export function line(
  register: Pick<AgencyRegister, 'get'>,
  agencyId: string,
  date: string,
): readonly Agency[] {
  const found: Agency[] = [];
  let at = register.get(agencyId);
  while (at !== undefined && !found.includes(at)) {
    found.push(at);
    if (!hasEnded(at, date)) break;
    const next = mainSuccession(at);
    at = next === undefined ? undefined : register.get(next.successorId);
  }
  return found;
}

/** Who has the work of an agency at the date: itself or its successor; undefined when all of its line have ended. */
export function currentHolder(
  register: Pick<AgencyRegister, 'get'>,
  agencyId: string,
  date: string,
): Agency | undefined {
  const last = line(register, agencyId, date).at(-1);
  return last === undefined || hasEnded(last, date) ? undefined : last;
}

/** True when the caller is the agency or, after its end, one of its line: a successor takes part in what it had. */
export function standsFor(
  register: AgencyRegister,
  callerId: string,
  agencyId: string,
  date: string,
): boolean {
  return callerId === agencyId || line(register, agencyId, date).some((one) => one.id === callerId);
}

/** The caller and every agency it stands for. */
export function standsForAll(register: AgencyRegister, callerId: string, date: string): readonly string[] {
  const found = [callerId];
  for (const id of found) {
    for (const predecessor of register.mainPredecessors(id)) {
      const agency = register.get(predecessor);
      if (agency && hasEnded(agency, date) && !found.includes(predecessor)) found.push(predecessor);
    }
  }
  return found;
}
