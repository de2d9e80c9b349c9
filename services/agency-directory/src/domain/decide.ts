import type { Agency, Officer } from '@lienthong/contracts/directory';
import type { Decision } from '@lienthong/eventlog';
import { failure, type Result, success, unreachable } from '@lienthong/kit';
import { type Authority, mayActFor } from './authority.ts';
import type { Reorganise } from './command.ts';
import type { Change } from './draft.ts';
import { eventsOf, officerEvent } from './events.ts';
import { type Appointment, appoint } from './officers/appoint.ts';
import { moveOfficers } from './officers/move.ts';
import { type OfficerChange, People, type VersionedOfficer } from './officers/people.ts';
import { endingPosting, type Relieve, relieve } from './officers/relieve.ts';
import { type Fault, refusalOfParts, toRefusal } from './problem.ts';
import type { Register } from './register.ts';
import { reorganise } from './reorganise.ts';
import type { State } from './state.ts';

/** The result of a reorganisation, for its reply. */
export interface Reorganisation {
  changes: readonly Change[];
  /** Ids of the agencies established, by key. */
  keys: ReadonlyMap<string, string>;
  officers: readonly OfficerChange[];
  /** In the order of the command. */
  headIds: string[];
}

export type Command = { authority: Authority } & (
  | (Reorganise & { kind: 'reorganise'; reply: (reorganisation: Reorganisation) => unknown })
  | {
      kind: 'appoint';
      appointments: readonly Appointment[];
      /** Faults found before the register was read; reported with any further ones. */
      faults?: readonly Fault[];
      reply: (officers: Officer[]) => unknown;
    }
  | (Relieve & { kind: 'relieve'; reply: (officer: Officer) => unknown })
);

/** The records that a decision writes. When one agency changes several times, the last record counts. */
export interface DirectoryChange {
  agencies: readonly Agency[];
  officers: readonly VersionedOfficer[];
}

type Directed = Result<Decision<unknown, DirectoryChange>>;

/** Pure: does not change the state. */
export function decide(command: Command, state: State): Directed {
  switch (command.kind) {
    case 'reorganise':
      return decideReorganisation(command, state);
    case 'appoint':
      return decideAppointments(command, state);
    case 'relieve':
      return decideRelief(command, state);
    default:
      return unreachable(command);
  }
}

function decideReorganisation(command: Command & { kind: 'reorganise' }, state: State): Directed {
  const result = reorganise(state.register, command);
  if (!result.ok) return failure(refusalOfParts(result.faults));
  const { draft, changes, keys } = result;
  const people = new People(draft.register, state.officers);
  const headIds = moveOfficers(draft, people, command);
  if (draft.faults.length > 0) return failure(refusalOfParts(draft.faults));
  const officers = people.changes;
  return success({
    events: eventsOf(changes, officers, command, draft.register),
    reply: command.reply({ changes, keys, officers, headIds }),
    change: { agencies: changes.map(({ agency }) => agency), officers },
  });
}

function decideAppointments(command: Command & { kind: 'appoint' }, { register, officers }: State): Directed {
  const { appointments, authority } = command;
  const people = new People(register, officers);
  const faults = [...(command.faults ?? [])];
  const appointed: Officer[] = [];
  for (const appointment of appointments) {
    const { agency } = appointment;
    if (agency.by === 'id' && !mayActFor(authority, agency.id)) return notTheirs;
    const result = appoint(register, people, appointment);
    if (result.ok) appointed.push(result.officer);
    else faults.push(...result.faults);
  }
  if (faults.length > 0)
    return failure(refusalOfParts(faults.sort((a, b) => (a.index ?? 0) - (b.index ?? 0))));
  return officersDecision(people, register, command.reply(appointed));
}

function decideRelief(command: Command & { kind: 'relieve' }, { register, officers }: State): Directed {
  const { officerId, effectiveOn, authority } = command;
  const people = new People(register, officers);
  const officer = people.get(officerId);
  if (officer && !mayActFor(authority, endingPosting(officer, effectiveOn).agencyId)) return notTheirs;
  const result = relieve(people, command);
  if (!result.ok) return failure(toRefusal([result.problem]));
  return officersDecision(people, register, command.reply(result.officer));
}

const officersDecision = (people: People, register: Register, reply: unknown): Directed =>
  success({
    events: people.changes.map((change) => officerEvent(change, register)),
    reply,
    change: { agencies: [], officers: people.changes },
  });

/** The next register shares what stays with the one before. */
export const evolve = (state: State, { agencies, officers }: DirectoryChange): State => ({
  register: state.register.with(agencies),
  officers: state.officers.with(officers.map((one) => [one.officer.id, one])),
});

const notTheirs = failure({
  kind: 'permission-denied',
  reason: 'NOT_YOUR_AGENCY',
  message: 'a leader may appoint and relieve only officers of their own agency',
});
