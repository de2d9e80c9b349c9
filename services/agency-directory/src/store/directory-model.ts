import type { Agency } from '@lienthong/contracts/directory';
import type { CommandModel, RecordedEvent } from '@lienthong/eventlog';
import type { Tx } from '@lienthong/kit';
import { type Command, decide, evolve, type State } from '../domain/decide.ts';
import { readOfficers, type StoredOfficer, writeOfficers } from './officers.ts';
import { RegisterCache } from './register-cache.ts';
import { writeAgencies } from './write-agencies.ts';

/**
 * Changes of the directory are rare and each may concern any agency, so one lock orders them all; what they need
 * of the register is in memory already.
 */
export function directoryModel(): CommandModel<Command, State, unknown> {
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
      return { register, officers: new Map(officers.map((stored) => [stored.officer.id, stored])) };
    },
    decide,
    evolve,
    project,
  };
}

/** Of several events of one agency in a batch only the last record is written. */
function project(tx: Tx, events: readonly RecordedEvent[]): void {
  const agencies = new Map<string, Agency>();
  const officers = new Map<string, StoredOfficer>();
  for (const { payload, version } of events) {
    if ('agency' in payload && payload.agency) agencies.set(payload.agency.id, payload.agency);
    if ('officer' in payload && payload.officer) {
      officers.set(payload.officer.id, { officer: payload.officer, version });
    }
  }
  writeAgencies(tx, [...agencies.values()]);
  writeOfficers(tx, [...officers.values()]);
}
