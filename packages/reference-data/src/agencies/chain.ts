import { type Agency, Tier } from '@lienthong/contracts/directory';
import { searchKey } from '@lienthong/kit/pure';
import { holdsAt, isThere, nameAt, placementAt, tierAt } from './agency.ts';
import type { AgencyRegister } from './register.ts';

/** The agency directly above at a date; undefined at the top of a tree, and when the agency is not there then. */
export function parentAt(register: AgencyRegister, agency: Agency, date: string): Agency | undefined {
  const parentId = placementAt(agency, date)?.parentId;
  return parentId ? register.get(parentId) : undefined;
}

/** An agency and those above it at a date, itself first; empty when it is not there then. */
export function upwards(register: AgencyRegister, agencyId: string, date: string): readonly Agency[] {
  const chain: Agency[] = [];
  let at = register.get(agencyId);
  if (at === undefined || !isThere(at, date)) return chain;
  // No agency is above itself in the directory, but the events of one reorganisation arrive one after the other.
  while (at !== undefined && !chain.includes(at)) {
    chain.push(at);
    at = parentAt(register, at, date);
  }
  return chain;
}

/** The nearest agency of a tier up the chain of parents at a date; the agency itself counts. */
export const ancestorAtTier = (
  register: AgencyRegister,
  agencyId: string,
  tier: Tier,
  date: string,
): Agency | undefined => upwards(register, agencyId, date).find((one) => tierAt(one, date) === tier);

/** The agencies from one up the parents to another, both included; undefined when `toId` is not above at the date. */
export function chainUp(
  register: AgencyRegister,
  fromId: string,
  toId: string,
  date: string,
): readonly Agency[] | undefined {
  const chain = upwards(register, fromId, date);
  const end = chain.findIndex((one) => one.id === toId);
  return end === -1 ? undefined : chain.slice(0, end + 1);
}

/**
 * Who holds a function for a territory at a date, as the directory's FindResponsible says: up the chain from the
 * territory's agency, at each step the agency itself, then its departments; of several departments the first by name.
 * Undefined when there is none, or the territory's agency is not there then.
 */
export function responsibleFor(
  register: AgencyRegister,
  fn: string,
  territoryAgencyId: string,
  date: string,
): Agency | undefined {
  const holders = register.holders(fn);
  for (const agency of upwards(register, territoryAgencyId, date)) {
    if (holdsAt(agency, fn, date)) return agency;
    const [department] = departmentsOf(register, agency.id, date, holders)
      .filter((one) => holdsAt(one, fn, date))
      .sort((a, b) => byName(a, b, date));
    if (department) return department;
  }
  return undefined;
}

/** The departments of an agency at a date, in no order. @param among ids of the only agencies that are looked at */
export function departmentsOf(
  register: AgencyRegister,
  agencyId: string,
  date: string,
  among?: ReadonlySet<string>,
): Agency[] {
  const children = register.children(agencyId);
  return [...(among ? children.intersection(among) : children)]
    .flatMap((id) => register.get(id) ?? [])
    .filter((one) => {
      const placement = placementAt(one, date);
      return placement?.parentId === agencyId && placement.tier === Tier.DEPARTMENT;
    });
}

function byName(a: Agency, b: Agency, date: string): number {
  const [one, other] = [searchKey(nameAt(a, date)), searchKey(nameAt(b, date))];
  if (one !== other) return one < other ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
