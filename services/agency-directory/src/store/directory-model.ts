import type { Agency } from '@lienthong/contracts/directory';
import type { CommandModel } from '@lienthong/eventlog';
import type { Tx } from '@lienthong/kit';
import type { Ref } from '../domain/command.ts';
import { type Command, type DirectoryChange, decide, evolve } from '../domain/decide.ts';
import type { VersionedOfficer } from '../domain/officers/people.ts';
import type { State } from '../domain/state.ts';
import { type OfficersNeeded, readOfficers, writeOfficers } from './officers.ts';
import { RegisterCache } from './register-cache.ts';
import { advanceRegister, writeAgencies } from './write-agencies.ts';

/**
 * Changes of the directory are rare and each may concern any agency, so one lock orders them all; what they need
 * of the register is in memory already.
 */
export function directoryModel(): CommandModel<Command, State, unknown, DirectoryChange> {
  const cache = new RegisterCache();
  return {
    async load(tx, commands) {
      const [register, officers] = await Promise.all([
        cache.lock(tx),
        readOfficers(tx, officersNeeded(commands)),
      ]);
      return { register, officers };
    },
    decide,
    evolve,
    project,
  };
}

/** The officers whom the commands name, and all those of agencies that end or get officers. */
function officersNeeded(commands: readonly Command[]): OfficersNeeded {
  const refs = commands.flatMap((command) => [...agenciesWithOfficers(command)]);
  return {
    officerIds: commands.flatMap((command) => [...officersNamed(command)]),
    agencyIds: refs.flatMap((ref) => (ref.by === 'id' ? [ref.id] : [])),
    codes: refs.flatMap((ref) => (ref.by === 'code' ? [ref.code] : [])),
  };
}

function* officersNamed(command: Command): Generator<string> {
  if (command.kind === 'relieve') yield command.officerId;
  if (command.kind !== 'reorganise') return;
  for (const { officerId } of command.officerMoves ?? []) yield officerId;
  for (const { officerId, isNew } of command.heads ?? []) if (!isNew) yield officerId;
}

function* agenciesWithOfficers(command: Command): Generator<Ref> {
  if (command.kind === 'appoint') for (const { agency } of command.appointments) yield agency;
  if (command.kind !== 'reorganise') return;
  for (const { agency } of command.heads ?? []) yield agency;
  for (const part of command.parts) {
    if (part.kind === 'merge') yield* part.predecessors;
    else if (part.kind === 'split') yield part.predecessor;
    else if (part.kind === 'end') yield part.agency;
  }
}

/** Of several changes of one agency in a batch only the last record is written. */
function project(tx: Tx, changes: readonly DirectoryChange[]): void {
  const agencies = new Map<string, Agency>();
  const officers = new Map<string, VersionedOfficer>();
  for (const change of changes) {
    for (const agency of change.agencies) agencies.set(agency.id, agency);
    for (const stored of change.officers) officers.set(stored.officer.id, stored);
  }
  advanceRegister(tx);
  writeAgencies(tx, [...agencies.values()]);
  writeOfficers(tx, [...officers.values()]);
}
