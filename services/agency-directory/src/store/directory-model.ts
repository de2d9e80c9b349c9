import type { Agency } from '@lienthong/contracts/directory';
import { type CommandModel, ImmutableMap } from '@lienthong/eventlog';
import type { Tx } from '@lienthong/kit';
import {
  type Command,
  type DirectoryChange,
  decide,
  evolve,
  type State,
  type VersionedOfficer,
} from '../domain/decide.ts';
import { readOfficers, writeOfficers } from './officers.ts';
import { RegisterCache } from './register-cache.ts';
import { writeAgencies } from './write-agencies.ts';

/**
 * Changes of the directory are rare and each may concern any agency, so one lock orders them all; what they need
 * of the register is in memory already.
 */
export function directoryModel(): CommandModel<Command, State, unknown, DirectoryChange> {
  const cache = new RegisterCache();
  return {
    async load(tx, commands) {
      const agencyIds = commands.flatMap((c) => (c.kind === 'appoint' ? [c.officer.agencyId] : []));
      const officerIds = commands.flatMap((c) => (c.kind === 'relieve' ? [c.officerId] : []));
      const concernsOfficers = agencyIds.length + officerIds.length > 0;
      const [register, officers] = await Promise.all([
        cache.lock(tx),
        concernsOfficers ? readOfficers(tx, agencyIds, officerIds) : [],
      ]);
      return { register, officers: ImmutableMap.from(officers.map((stored) => [stored.officer.id, stored])) };
    },
    decide,
    evolve,
    project,
  };
}

/** Of several changes of one agency in a batch only the last record is written. */
function project(tx: Tx, changes: readonly DirectoryChange[]): void {
  const agencies = new Map<string, Agency>();
  const officers = new Map<string, VersionedOfficer>();
  for (const change of changes) {
    for (const agency of change.agencies) agencies.set(agency.id, agency);
    for (const stored of change.officers) officers.set(stored.officer.id, stored);
  }
  writeAgencies(tx, [...agencies.values()]);
  writeOfficers(tx, [...officers.values()]);
}
