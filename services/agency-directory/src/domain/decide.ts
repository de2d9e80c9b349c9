import type { Agency, Officer } from '@lienthong/contracts/directory';
import type { Decision, ImmutableMap } from '@lienthong/eventlog';
import { failure, type Result, success, unreachable } from '@lienthong/kit';
import type { Reorganise } from './command.ts';
import type { Change } from './draft.ts';
import { eventsOf, officerEvent } from './events.ts';
import { type Appoint, appoint, type Relieve, relieve } from './officers.ts';
import { refusalOfParts, toRefusal } from './problem.ts';
import type { Register } from './register.ts';
import { reorganise } from './reorganise.ts';

/** The result of a reorganisation, for its reply. */
export interface Reorganisation {
  changes: readonly Change[];
  /** Ids of the agencies established, by key. */
  keys: ReadonlyMap<string, string>;
}

/** Who acts on officers: an administrator for every agency, a leader for their own. */
export interface Authority {
  admin: boolean;
  agencyId: string;
}

export type Command =
  | (Reorganise & { kind: 'reorganise'; reply: (reorganisation: Reorganisation) => unknown })
  | (Appoint & { kind: 'appoint'; authority: Authority; reply: (officer: Officer) => unknown })
  | (Relieve & { kind: 'relieve'; authority: Authority; reply: (officer: Officer) => unknown });

/** The register and the officers that a command needs. */
export interface State {
  register: Register;
  /** By officer id. */
  officers: ImmutableMap<string, VersionedOfficer>;
}

export interface VersionedOfficer {
  officer: Officer;
  /** Of the last event. */
  version: number;
}

/** The records that a decision writes. When one agency changes several times, the last record counts. */
export interface DirectoryChange {
  agencies: readonly Agency[];
  officers: readonly VersionedOfficer[];
}

/** Pure: does not change the state. */
export function decide(command: Command, state: State): Result<Decision<unknown, DirectoryChange>> {
  switch (command.kind) {
    case 'reorganise': {
      const result = reorganise(state.register, command);
      if (!result.ok) return failure(refusalOfParts(result.faults));
      return success({
        events: eventsOf(result.changes, command),
        reply: command.reply(result),
        change: { agencies: result.changes.map(({ agency }) => agency), officers: [] },
      });
    }
    case 'appoint': {
      const { officer, authority } = command;
      if (!mayActFor(authority, officer.agencyId)) return notTheirs;
      const colleagues = [...state.officers.entries().values()]
        .map((stored) => stored.officer)
        .filter((other) => other.agencyId === officer.agencyId);
      const problems = appoint(command, state.register.get(officer.agencyId), colleagues);
      if (problems.length > 0) return failure(toRefusal(problems));
      const event = officerEvent('OfficerAppointed', officer, 1, state.register);
      const change = { agencies: [], officers: [{ officer, version: 1 }] };
      return success({ events: [event], reply: command.reply(officer), change });
    }
    case 'relieve': {
      const stored = state.officers.get(command.officerId);
      if (stored && !mayActFor(command.authority, stored.officer.agencyId)) return notTheirs;
      const problems = relieve(command, stored?.officer);
      if (!stored || problems.length > 0) return failure(toRefusal(problems));
      const officer = { ...stored.officer, validTo: command.effectiveOn };
      const version = stored.version + 1;
      const event = officerEvent('OfficerRelieved', officer, version, state.register);
      const change = { agencies: [], officers: [{ officer, version }] };
      return success({ events: [event], reply: command.reply(officer), change });
    }
    default:
      return unreachable(command);
  }
}

/** The next register shares what stays with the one before. */
export const evolve = (state: State, { agencies, officers }: DirectoryChange): State => ({
  register: state.register.with(agencies),
  officers: state.officers.with(officers.map((one) => [one.officer.id, one])),
});

const mayActFor = (authority: Authority, agencyId: string): boolean =>
  authority.admin || authority.agencyId === agencyId;

const notTheirs = failure({
  kind: 'permission-denied',
  reason: 'NOT_YOUR_AGENCY',
  message: 'a leader may appoint and relieve only officers of their own agency',
});
