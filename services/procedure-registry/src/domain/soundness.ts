import type { Agency, Tier } from '@lienthong/contracts/directory';
import { type Definition, type Problem, Severity } from '@lienthong/contracts/registry';
import { ancestorAtTier, currentHolder, isInForce, isThere, tierAt } from '@lienthong/reference-data';
import { checkDefinition } from '@lienthong/workflow';
import { definitionOf, inForceAt, isPublic } from './procedure.ts';
import { referencesOf } from './references.ts';
import type { RegistryState } from './state.ts';

export const isError = ({ severity }: Problem): boolean => severity === Severity.ERROR;

/** The problems of a definition, given the agencies and the procedures in force at a date. */
export function problemsAt(state: RegistryState, definition: Definition, date: string): Problem[] {
  const there = [...state.agencies.all()].filter((agency) => isThere(agency, date));
  return checkDefinition(definition, {
    procedures: (code) => procedureAt(state, definition, code, date),
    functions: functionsOf(there, date),
    agency: (id) => currentHolder(state.agencies, id, date) !== undefined,
    hasTierAbove: tiersAbove(state, there, date),
  });
}

/** The problems on a date and every later one, each once: a procedure that the definition calls may change later. */
export function problemsFrom(state: RegistryState, definition: Definition, date: string): Problem[] {
  const found = new Map<string, Problem>();
  for (const day of [date, ...changesAfter(state, date)])
    for (const problem of problemsAt(state, definition, day)) {
      const id = JSON.stringify([problem.reason, problem.place, problem.message]);
      if (!found.has(id)) found.set(id, problem);
    }
  return [...found.values()];
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

function procedureAt(
  state: RegistryState,
  definition: Definition,
  code: string,
  date: string,
): Definition | undefined {
  if (code === definition.code) return definition;
  const history = state.histories.get(code);
  return history && inForceAt(history, date)?.definition;
}

function changesAfter(state: RegistryState, date: string): string[] {
  const dates = [...state.histories.values()].flatMap((history) =>
    history.versions.filter(isPublic).flatMap((version) => [version.effectiveOn, version.endedOn]),
  );
  return [...new Set(dates)].filter((day) => day > date).sort();
}

const functionsOf = (agencies: readonly Agency[], date: string): Set<string> =>
  new Set(
    agencies.flatMap((agency) =>
      agency.functions.filter((held) => isInForce(held, date)).map((held) => held.function),
    ),
  );

/** Whether an agency of one tier has an agency of another tier above it; searches once per pair. */
function tiersAbove(state: RegistryState, there: readonly Agency[], date: string) {
  const known = new Map<string, boolean>();
  return (intake: Tier, above: Tier): boolean => {
    const pair = `${intake} ${above}`;
    const before = known.get(pair);
    if (before !== undefined) return before;
    const found = there.some(
      (agency) =>
        tierAt(agency, date) === intake &&
        ancestorAtTier(state.agencies, agency.id, above, date) !== undefined,
    );
    known.set(pair, found);
    return found;
  };
}
