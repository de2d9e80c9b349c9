import { setImmediate } from 'node:timers/promises';
import type { SimulateProcedureRequest, SimulateProcedureResponse } from '@lienthong/contracts/registry';
import { type CallInfo, field, parse, type Refusal, refuse, vietnamDate } from '@lienthong/kit';
import { type CalendarCache, nameAt, performerAt, receiversBetween, tierAt } from '@lienthong/reference-data';
import { type CompiledWorkflow, compile, tierName } from '@lienthong/workflow';
import { z } from 'zod';
import { definitionOf, type History, inForceAt } from '../domain/procedure.ts';
import { referencesOf } from '../domain/references.ts';
import { simulate } from '../domain/simulation/simulate.ts';
import type { Territory } from '../domain/simulation/territory.ts';
import { readHistories } from '../store/load.ts';
import { subjectOf } from './draw-workflow.ts';
import { type Edge, unknownAgency } from './edge.ts';

const MAX_VOLUME = 1_000_000;

const schema = z.object({
  intakeAgencyId: field.uuid,
  receivedAt: z.date().optional(),
  yearlyVolume: z.number().superRefine((volume, context) => {
    if (volume < 0 || volume > MAX_VOLUME)
      context.addIssue({
        code: 'custom',
        message: `must be between 0 (no load is computed) and ${MAX_VOLUME}`,
        params: { reason: 'VOLUME_INVALID' },
      });
  }),
  seed: z.bigint(),
  data: z.record(z.string(), field.text({ max: 1000 })),
});

export function simulateProcedure(edge: Edge, calendars: CalendarCache, atOnce: number) {
  const { db, clock, agencies } = edge;
  let underWay = 0;

  async function run(request: SimulateProcedureRequest, info: CallInfo): Promise<SimulateProcedureResponse> {
    const { intakeAgencyId, receivedAt = clock.now(), ...asked } = parse(schema, request);
    const definition = await subjectOf(edge, request.subject, info);
    const workflow = compiled(definition);
    const [histories] = await Promise.all([
      // Its own versions too: one of them may be in force, with sub-procedures of its own.
      readHistories(db, { calls: [definition.code, ...referencesOf(definition).calls] }),
      agencies.refresh(db),
      calendars.refresh(db),
    ]);
    const date = vietnamDate(receivedAt);
    if (agencies.get(intakeAgencyId) === undefined) return refuse(unknownAgency('intake_agency_id'));
    const history = histories.get(definition.code);
    const inForce = history && inForceAt(history, date);
    const steps = simulate(
      {
        ...asked,
        workflow,
        intakeAgencyId,
        receivedAt: receivedAt.getTime(),
        inForce: inForce && { version: inForce.version, workflow: compiled(definitionOf(inForce)) },
      },
      territoryAt(edge, calendars, histories, date),
    );
    // One long computation among many short calls: after each piece the others have their turn.
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value.ok ? step.value.value : refuse(step.value.refusal);
      await setImmediate();
      info.signal.throwIfAborted();
    }
  }

  return async (request: SimulateProcedureRequest, info: CallInfo): Promise<SimulateProcedureResponse> => {
    if (underWay >= atOnce) return refuse(busy);
    underWay += 1;
    try {
      return await run(request, info);
    } finally {
      underWay -= 1;
    }
  };
}

function compiled(definition: Parameters<typeof compile>[0]): CompiledWorkflow {
  const result = compile(definition);
  return result.ok ? result.value : refuse(result.refusal);
}

/** What the directory and the register say at a date. */
function territoryAt(
  { agencies }: Edge,
  calendars: CalendarCache,
  histories: ReadonlyMap<string, History>,
  date: string,
): Territory {
  const workflows = new Map<string, CompiledWorkflow | undefined>();
  const agency = (id: string) => agencies.get(id);
  return {
    performer: (performer, intakeId) => performerAt(agencies, performer, intakeId, date)?.id,
    receivers: (fromId, toId) => receiversBetween(agencies, fromId, toId, date),
    nameOf(id) {
      const found = agency(id);
      return found ? nameAt(found, date) : '';
    },
    tierOf(id) {
      const found = agency(id);
      return found ? tierName(tierAt(found, date)) : '';
    },
    calendarOf: (id) => calendars.of(id),
    procedure(code) {
      if (!workflows.has(code)) {
        const history = histories.get(code);
        const version = history && inForceAt(history, date);
        workflows.set(code, version && compiled(definitionOf(version)));
      }
      return workflows.get(code);
    },
  };
}

const busy: Refusal = {
  kind: 'resource-exhausted',
  reason: 'SIMULATIONS_BUSY',
  message: 'as many simulations as are possible at once are under way; try again in a moment',
  retryAfterMs: 2000,
};
