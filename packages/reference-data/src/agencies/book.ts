import type { Agency } from '@lienthong/contracts/directory';
import { exclude, include, membersOf } from '../index-maps.ts';
import { DEFAULT_SCHEME } from './agency.ts';
import type { AgencyRegister } from './register.ts';
import { mainSuccession } from './succession.ts';

/** A register in memory: the newest version of each agency, with an index for each way to look one up. */
export interface AgencyBook extends AgencyRegister {
  /** Keeps an agency unless the same or a newer version is there. */
  put(agency: Agency): void;
  all(): Iterable<Agency>;
  /** Grows with every change of an agency's office hours. */
  hoursRevision(): number;
}

export function agencyBook(): AgencyBook {
  const agencies = new Map<string, Agency>();
  let hoursChanges = 0;
  const codes = new Map<string, Set<string>>();
  const predecessors = new Map<string, Set<string>>();
  const children = new Map<string, Set<string>>();
  const holders = new Map<string, Set<string>>();

  function reindex(change: typeof include<string>, agency: Agency): void {
    for (const { code } of agency.identifiers)
      if (code) change(codes, codeKey(code.scheme, code.code), agency.id);
    const successor = mainSuccession(agency)?.successorId;
    if (successor) change(predecessors, successor, agency.id);
    for (const { parentId } of agency.placements) if (parentId) change(children, parentId, agency.id);
    for (const held of agency.functions) change(holders, held.function, agency.id);
  }

  return {
    get: (id) => agencies.get(id),
    codeHolders: (scheme, code) => membersOf(codes, codeKey(scheme, code)),
    mainPredecessors: (id) => membersOf(predecessors, id),
    children: (id) => membersOf(children, id),
    holders: (fn) => membersOf(holders, fn),
    all: () => agencies.values(),
    hoursRevision: () => hoursChanges,
    put(agency) {
      const before = agencies.get(agency.id);
      if (before && before.version >= agency.version) return;
      if (JSON.stringify(before?.officeHours ?? []) !== JSON.stringify(agency.officeHours)) hoursChanges += 1;
      if (before) reindex(exclude, before);
      agencies.set(agency.id, agency);
      reindex(include, agency);
    },
  };
}

const codeKey = (scheme: string, code: string): string => `${scheme || DEFAULT_SCHEME} ${code}`;
