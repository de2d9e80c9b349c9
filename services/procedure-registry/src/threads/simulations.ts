/** Simulations: seconds, with many ways and a large yearly volume. */
import type { Agency, CalendarYear } from '@lienthong/contracts/directory';
import { type Definition, Procedure, type SimulateProcedureResponse } from '@lienthong/contracts/registry';
import { refuse, vietnamDate } from '@lienthong/kit/pure';
import { agencyBook, calendarBook } from '@lienthong/reference-data/pure';
import { type CompiledWorkflow, compile } from '@lienthong/workflow';
import { definitionOf } from '../domain/procedure.ts';
import { unknownAgency } from '../domain/refusals.ts';
import { type Simulation, simulate } from '../domain/simulation/simulate.ts';
import { territoryAt } from '../domain/simulation/territory.ts';

export interface SimulationOrder extends Omit<Simulation, 'workflow' | 'inForce'> {
  definition: Definition;
}

/** What of the directory and the register a simulation can reach at its date. */
export interface Surroundings {
  agencies: readonly Agency[];
  years: readonly CalendarYear[];
  /** The versions in force, as `Procedure` messages. */
  versions: readonly Uint8Array[];
}

/** Refuses: WORKFLOW_UNSOUND, AGENCY_UNKNOWN, and what `simulate` refuses. */
export function simulateAmong(
  { definition, ...simulation }: SimulationOrder,
  surroundings: Surroundings,
): SimulateProcedureResponse {
  const workflow = compiled(definition);
  const agencies = agencyBook();
  for (const agency of surroundings.agencies) agencies.put(agency);
  if (agencies.get(simulation.intakeAgencyId) === undefined) return refuse(unknownAgency('intake_agency_id'));
  const calendars = calendarBook(agencies);
  for (const year of surroundings.years) calendars.put(year);
  const versions = new Map(
    surroundings.versions.map((one) => Procedure.decode(one)).map((one) => [one.code, one]),
  );

  const workflows = new Map<string, CompiledWorkflow | undefined>();
  function workflowOf(code: string): CompiledWorkflow | undefined {
    if (!workflows.has(code)) {
      const version = versions.get(code);
      workflows.set(code, version && compiled(definitionOf(version)));
    }
    return workflows.get(code);
  }

  const date = vietnamDate(new Date(simulation.receivedAt));
  const before = versions.get(definition.code);
  const inForce = workflowOf(definition.code);
  const result = simulate(
    { ...simulation, workflow, inForce: before && inForce && { version: before.version, workflow: inForce } },
    territoryAt(date, agencies, calendars, workflowOf),
  );
  return result.ok ? result.value : refuse(result.refusal);
}

function compiled(definition: Definition): CompiledWorkflow {
  const result = compile(definition);
  return result.ok ? result.value : refuse(result.refusal);
}
