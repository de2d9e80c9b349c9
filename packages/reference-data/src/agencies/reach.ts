import type { Agency } from '@lienthong/contracts/directory';
import { hasEnded, isThere } from './agency.ts';
import { departmentsOf, parentAt } from './chain.ts';
import type { AgencyRegister } from './register.ts';
import { mainSuccession } from './succession.ts';

/**
 * The agencies that the relations of workflows can mean at a date, starting from these: their successors, those above
 * them, and the departments of all of these. Among them alone, `performerAt`, `competentFor` and `receiversBetween` give
 * the same as among all agencies.
 */
export function reachableFrom(register: AgencyRegister, ids: Iterable<string>, date: string): Agency[] {
  const found = new Map<string, Agency>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const agency = found.has(id) ? undefined : register.get(id);
    if (agency === undefined) continue;
    found.set(id, agency);
    open.push(...departmentsOf(register, id, date).map((one) => one.id));
    const parent = isThere(agency, date) ? parentAt(register, agency, date) : undefined;
    const next = hasEnded(agency, date) ? mainSuccession(agency)?.successorId : parent?.id;
    if (next !== undefined) open.push(next);
  }
  return [...found.values()];
}
