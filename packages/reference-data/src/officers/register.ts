import type { Officer } from '@lienthong/contracts/directory';
import { exclude, include, membersOf } from '../index-maps.ts';

/** The officers as one process knows them. */
export interface OfficerRegister {
  get(officerId: string): Officer | undefined;
  /** Ids of the officers appointed to an agency, whenever their positions begin and end. */
  appointedTo(agencyId: string): ReadonlySet<string>;
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
    put(officer, version) {
      const before = officers.get(officer.id);
      if (before && before.version >= version) return;
      if (before) exclude(byAgency, before.officer.agencyId, officer.id);
      officers.set(officer.id, { officer, version });
      include(byAgency, officer.agencyId, officer.id);
    },
  };
}
