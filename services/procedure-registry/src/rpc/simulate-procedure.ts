import { setImmediate } from 'node:timers/promises';
import { field, type Refusal, refuse, vietnamDate } from '@lienthong/kit';
import { competentFor, nameAt, performerAt, receiversBetween, tierAt } from '@lienthong/reference-data';
import { type CompiledWorkflow, compile, tierName } from '@lienthong/workflow';
import { z } from 'zod';
import { definitionOf, type History, inForceAt } from '../domain/procedure.ts';
import { referencesOf } from '../domain/references.ts';
import { unknownAgency } from '../domain/refusals.ts';
import { simulate } from '../domain/simulation/simulate.ts';
import type { Territory } from '../domain/simulation/territory.ts';
import { readHistories } from '../store/load.ts';
import { type Deps, query, Registry } from './deps.ts';
import { WITH_DEFINITION } from './fields.ts';
import { definitionOfSubject, subjectFields } from './subject.ts';

const MAX_VOLUME = 1_000_000;

const request = z.intersection(
  z
    .object({
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
    })
    .transform((fields) => ({ fields })),
  subjectFields.transform((subject) => ({ subject })),
);

export const simulateProcedure = query(Registry.simulateProcedure, {
  policy: 'authenticated',
  ...WITH_DEFINITION,
  request,
  handle: async (request, context, deps) => {
    const { simulations } = deps;
    if (simulations.running >= simulations.max) return refuse(busy);
    simulations.running += 1;
    try {
      return await run(request);
    } finally {
      simulations.running -= 1;
    }

    async function run({ fields, subject }: typeof request) {
      const { db, agencies, calendars } = deps;
      const { intakeAgencyId, receivedAt = context.now, ...rest } = fields;
      const definition = await definitionOfSubject(db, subject, context.caller);
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
          ...rest,
          workflow,
          intakeAgencyId,
          receivedAt: receivedAt.getTime(),
          inForce: inForce && { version: inForce.version, workflow: compiled(definitionOf(inForce)) },
        },
        territoryAt(deps, histories, date),
      );
      // One long computation among many short calls: after each piece the others have their turn.
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) return step.value.ok ? step.value.value : refuse(step.value.refusal);
        await setImmediate();
        context.signal.throwIfAborted();
      }
    }
  },
});

function compiled(definition: Parameters<typeof compile>[0]): CompiledWorkflow {
  const result = compile(definition);
  return result.ok ? result.value : refuse(result.refusal);
}

/** What the directory and the register say at a date. */
function territoryAt(
  { agencies, calendars }: Deps,
  histories: ReadonlyMap<string, History>,
  date: string,
): Territory {
  const workflows = new Map<string, CompiledWorkflow | undefined>();
  const agency = (id: string) => agencies.get(id);
  return {
    performer: (performer, of) => performerAt(agencies, performer, of, date)?.id,
    competent: (executingAgency, intakeId) =>
      competentFor(agencies, executingAgency, intakeId, date)?.id ?? intakeId,
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
  message: 'the server already runs as many simulations as it can; retry in a moment',
  retryAfterMs: 2000,
};
