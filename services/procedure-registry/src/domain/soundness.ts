import type { Agency } from '@lienthong/contracts/directory';
import { type Definition, type Problem, type Procedure, Severity } from '@lienthong/contracts/registry';
import { currentHolder, isInForce, isThere, tierAt, upwards } from '@lienthong/reference-data/pure';
import { checkDefinition, type Known } from '@lienthong/workflow';
import { definitionOf, isPublic, isInForce as isVersionInForce } from './procedure.ts';
import { referencesOf } from './references.ts';
import type { RegistryState } from './state.ts';

export const isError = ({ severity }: Problem): boolean => severity === Severity.ERROR;

/** What the agencies of a date mean for a definition: data that can be sent to a thread. */
export interface Day {
  date: string;
  /** Every function that some agency holds. */
  functions: ReadonlySet<string>;
  /** The agencies that the definition names, and that are there or have a successor. */
  agencyIds: ReadonlySet<string>;
  /** "4 1": some agency of tier 4 has one of tier 1 above it. */
  tiersAbove: ReadonlySet<string>;
}

/** Dates, YYYY-MM-DD, both included. */
export interface Period {
  from: string;
  /** Absent: every later date. */
  to?: string;
}

/** The first date, and each later one on which a version comes into force or ends: what a definition calls may change. */
export function datesIn(
  { from, to = LAST_DATE }: Period,
  versions: readonly Pick<Procedure, 'effectiveOn' | 'endedOn'>[],
): string[] {
  const changes = versions.flatMap(({ effectiveOn, endedOn }) => [effectiveOn, endedOn]);
  return [from, ...[...new Set(changes)].filter((day) => day > from && day <= to).sort()];
}

const LAST_DATE = '9999-12-31';

export function dayAt(agencies: RegistryState['agencies'], definition: Definition, date: string): Day {
  const there = [...agencies.all()].filter((agency) => isThere(agency, date));
  const { agencyIds } = referencesOf(definition);
  return {
    date,
    functions: functionsOf(there, date),
    agencyIds: new Set(agencyIds.filter((id) => currentHolder(agencies, id, date) !== undefined)),
    tiersAbove: tiersAbove(agencies, there, date),
  };
}

/**
 * The problems of a definition on some days, each once.
 * @param versions the published versions of the procedures that it reaches, and perhaps others
 */
export function problemsAmong(
  definition: Definition,
  versions: readonly Procedure[],
  days: readonly Day[],
): Problem[] {
  const found = new Map<string, Problem>();
  for (const day of days)
    for (const problem of checkDefinition(definition, knownOn(day, definition, versions))) {
      const id = JSON.stringify([problem.reason, problem.place, problem.message]);
      if (!found.has(id)) found.set(id, problem);
    }
  return [...found.values()];
}

/** The problems of a definition among the agencies and procedures of a period. */
export function problemsIn(
  { agencies, histories }: RegistryState,
  definition: Definition,
  period: Period,
): Problem[] {
  const versions = [...histories.values()].flatMap((history) => history.versions.filter(isPublic));
  const days = datesIn(period, versions).map((date) => dayAt(agencies, definition, date));
  return problemsAmong(definition, versions, days);
}

/** Codes of the procedures in force on a date or later that have another as a sub-procedure, in order. */
export function callersFrom(state: RegistryState, code: string, date: string): string[] {
  const callers = [...state.histories.values()].filter((history) =>
    history.versions.some(
      (version) =>
        version.code !== code &&
        isPublic(version) &&
        (version.endedOn === '' || date < version.endedOn) &&
        referencesOf(definitionOf(version)).calls.includes(code),
    ),
  );
  return callers.map((history) => history.code).sort();
}

function knownOn(day: Day, definition: Definition, versions: readonly Procedure[]): Known {
  const inForce = new Map(
    versions.filter((one) => isVersionInForce(one, day.date)).map((one) => [one.code, definitionOf(one)]),
  );
  return {
    procedures: (code) => (code === definition.code ? definition : inForce.get(code)),
    functions: day.functions,
    agency: (id) => day.agencyIds.has(id),
    hasTierAbove: (intake, above) => day.tiersAbove.has(`${intake} ${above}`),
  };
}

const functionsOf = (agencies: readonly Agency[], date: string): Set<string> =>
  new Set(
    agencies.flatMap((agency) =>
      agency.functions.filter((held) => isInForce(held, date)).map((held) => held.function),
    ),
  );

const tiersAbove = (
  agencies: RegistryState['agencies'],
  there: readonly Agency[],
  date: string,
): Set<string> =>
  new Set(
    there.flatMap((agency) => {
      const tier = tierAt(agency, date);
      return upwards(agencies, agency.id, date).map((above) => `${tier} ${tierAt(above, date)}`);
    }),
  );
