import type {
  Definition,
  Difference,
  Performer,
  SimulateProcedureResponse,
} from '@lienthong/contracts/registry';
import { failure, invalid, type Refusal, type Result, success } from '@lienthong/kit/pure';
import {
  type CompiledWorkflow,
  type Data,
  fittingData,
  parseData,
  tierName,
  toDuration,
} from '@lienthong/workflow';
import { OutsideCalendarError, start } from '@lienthong/working-time';
import { differenceFrom } from './difference.ts';
import { loadOf } from './load.ts';
import { type Plan, planOf } from './plan.ts';
import { schedule } from './schedule.ts';
import type { Territory } from './territory.ts';
import { timetableOf } from './walk.ts';
import { openFields, type Way, waysThrough } from './ways.ts';
import { simulatedWays } from './ways-to-lodge.ts';

export interface Simulation {
  workflow: CompiledWorkflow;
  /** The version in force, which this one would replace. */
  inForce: { version: number; workflow: CompiledWorkflow } | undefined;
  intakeAgencyId: string;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** Dossiers a year; 0: no load is computed. */
  yearlyVolume: number;
  seed: bigint;
  /** Data that every simulated dossier has. */
  data: Data;
}

/** The limit of ways times blocks; a simulation visits each block on each way. */
const MOST_BLOCKS_ON_WAYS = 16_000;
const MAX_VIOLATIONS = 100;

/**
 * Simulates a procedure. Refuses: AGENCY_TAKES_NOTHING_IN, PERFORMER_UNRESOLVED, SUB_PROCEDURE_NOT_IN_FORCE,
 * SUB_PROCEDURES_TOO_DEEP, WAYS_TOO_MANY, DATA_INVALID, OUTSIDE_CALENDAR.
 */
export function simulate(simulation: Simulation, territory: Territory): Result<SimulateProcedureResponse> {
  try {
    return runSimulation(simulation, territory);
  } catch (error) {
    if (!(error instanceof OutsideCalendarError)) throw error;
    const message = `received_at: ${error.message}`;
    return failure({ kind: 'out-of-range', reason: error.reason, message });
  }
}

function runSimulation(simulation: Simulation, territory: Territory): Result<SimulateProcedureResponse> {
  const { workflow, inForce, receivedAt } = simulation;
  const { definition } = workflow;
  // The successor of an agency that has ended takes dossiers in.
  const intake = territory.performer(INTAKE, { intakeId: simulation.intakeAgencyId, competentId: '' });
  if (intake === undefined || !takesIn(definition, territory.tierOf(intake)))
    return failure(noIntake(definition));
  const known = knownData(workflow, simulation.data);
  if (!known.ok) return known;
  const plan = planOf(workflow, territory, intake, known.value);
  if (plan.unresolved.length > 0) return failure(unresolved(plan));
  const ways = waysOf(plan, workflow);
  if (ways === undefined) return failure(tooManyWays(plan));
  const timetable = timetableOf(territory);
  const times = schedule(plan, receivedAt, ways, timetable, territory);
  const legal = start(territory.calendarOf(intake), receivedAt, legalLimit(workflow));
  if (!legal.ok) return legal;

  const lodging = {
    intakeTier: territory.tierOf(intake),
    receivedAt,
    calendar: territory.calendarOf(intake),
  };
  const lodged = simulatedWays(workflow, { ...lodging, data: known.value });

  let difference: Difference | undefined;
  if (inForce) {
    // The version in force may name relations that have no agency any more; only its other steps count.
    const data = fittingData(inForce.workflow.definition.data, simulation.data);
    const before = planOf(inForce.workflow, territory, intake, data);
    const waysBefore = waysOf(before, inForce.workflow);
    if (waysBefore === undefined) return failure(tooManyWays(before));
    const { steps } = schedule(before, receivedAt, waysBefore, timetable, territory);
    const { version } = inForce;
    difference = differenceFrom(
      { definition, steps: times.steps, ways: lodged },
      {
        version,
        definition: inForce.workflow.definition,
        steps,
        ways: simulatedWays(inForce.workflow, { ...lodging, data }),
      },
    );
  }
  const arrivals = { volume: simulation.yearlyVolume, seed: simulation.seed, receivedAt };
  const loads = loadOf(plan, arrivals, ways, timetable, territory);
  return success({
    ...times,
    legalDeadline: new Date(legal.value.deadline),
    loads,
    difference,
    ways: lodged,
  });
}

const INTAKE: Performer = { performer: { $case: 'intake', value: {} } };

const takesIn = ({ tiers }: Definition, tier: string): boolean =>
  tiers.length === 0 || tiers.some((one) => tierName(one) === tier);

function noIntake({ tiers }: Definition): Refusal {
  const description = `does not take in dossiers of this procedure on that date; name an agency of ${tiers.map(tierName).join(' or ')}`;
  const violation = { field: 'intake_agency_id', description, reason: 'AGENCY_TAKES_NOTHING_IN' };
  return { ...invalid([violation]), kind: 'failed-precondition' };
}

const knownData = ({ definition }: CompiledWorkflow, data: Data) =>
  parseData(definition.data, data, { partial: true });

const waysOf = (plan: Plan, { leaves }: CompiledWorkflow): Way[] | undefined =>
  waysThrough(plan.root, Math.max(1, Math.floor(MOST_BLOCKS_ON_WAYS / Math.max(1, leaves.length))));

const legalLimit = ({ definition }: CompiledWorkflow) =>
  toDuration(definition.timeLimit) ?? ({ unit: 'days', days: 0 } as const);

const unresolved = ({ unresolved }: Plan): Refusal => ({
  ...invalid(unresolved.slice(0, MAX_VIOLATIONS)),
  kind: 'failed-precondition',
});

function tooManyWays({ root }: Plan): Refusal {
  const fields = openFields(root).map((key) => `data.${key}`);
  const description = `the choices leave too many ways to simulate; give values for some of ${fields.join(', ')}`;
  return {
    ...invalid([{ field: 'data', description, reason: 'WAYS_TOO_MANY' }]),
    kind: 'failed-precondition',
  };
}
