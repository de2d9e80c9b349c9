import type { Officer } from '@lienthong/contracts/directory';
import { exclude, include, membersOf } from '../index-maps.ts';
import { postingsOf } from './postings.ts';

/** The officers as one process knows them. */
export interface OfficerRegister {
  get(officerId: string): Officer | undefined;
  /** Ids of the officers with a posting at an agency, whenever it begins and ends. */
  appointedTo(agencyId: string): ReadonlySet<string>;
  all(): Iterable<Officer>;
}

/** A register in memory: the newest version of each officer. */
export interface OfficerBook extends OfficerRegister {
  /** Keeps an officer unless the same or a newer version is there. */
  put(officer: Officer, version: number): void;
}

export function officerBook(): OfficerBook {
  const officers = new Map<string, { officer: Officer; version: number }>();
  const byAgency = new Map<string, Set<string>>();
  return {
    get: (id) => officers.get(id)?.officer,
    appointedTo: (agencyId) => membersOf(byAgency, agencyId),
    *all() {
      for (const { officer } of officers.values()) yield officer;
    },
    put(officer, version) {
      const before = officers.get(officer.id);
      if (before && before.version >= version) return;
      for (const agencyId of agenciesOf(before?.officer)) exclude(byAgency, agencyId, officer.id);
      officers.set(officer.id, { officer, version });
      for (const agencyId of agenciesOf(officer)) include(byAgency, agencyId, officer.id);
    },
  };
}

const agenciesOf = (officer: Officer | undefined): ReadonlySet<string> =>
  new Set(officer && postingsOf(officer).map(({ agencyId }) => agencyId));
