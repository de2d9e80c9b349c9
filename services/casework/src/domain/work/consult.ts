import { TaskKind } from '@lienthong/contracts/casework';
import type { Agency } from '@lienthong/contracts/directory';
import { type FieldViolation, invalid, type Refusal } from '@lienthong/kit';
import { currentHolder, hasBegun, partyAt, standsFor } from '@lienthong/reference-data';
import { createAgreedClock } from '../deadlines/clock.ts';
import type { Draft } from '../decision/draft.ts';
import { precondition } from '../decision/refusals.ts';
import { mustBeAssigned, mustBeWork, UNDER_WAY } from '../decision/rules.ts';
import { onTask, type TransitionOf } from '../decision/transition.ts';
import type { Task } from '../dossier/state.ts';
import { start } from './assignment.ts';
import { openTask, patchTask } from './tasks.ts';

type Consult = TransitionOf<'consult'>;

const NAME = 'Cho ý kiến phối hợp';

/** An officer consults agencies beside those that the workflow consults. */
export const consult = onTask<'consult'>({
  rules: UNDER_WAY,
  taskRules: [mustBeWork, mustBeAssigned, mustBeStep, mustNameAgencies],
  edits: (command, task, draft) => [
    start,
    ...(task.assigneeId === '' ? [patchTask(task, { assigneeId: command.caller.officerId })] : []),
    ...consultedAgencies(draft, task, command).agencies.map((agency) =>
      openTask({
        kind: TaskKind.CONSULTATION,
        name: NAME,
        agency: partyAt(agency, draft.today),
        question: command.question,
        askedFrom: task.number,
        clock: createAgreedClock(draft.now, command.dueAt),
      }),
    ),
  ],
});

function mustBeStep(_: Draft, task: Task): Refusal | undefined {
  const message = 'only a step of the workflow consults agencies; use the task of a step';
  return task.kind === TaskKind.STEP ? undefined : precondition('NOT_A_STEP', message);
}

/** Refuses by field: AGENCY_UNKNOWN, AGENCY_ENDED, AGENCY_TWICE, OWN_AGENCY, DUE_NOT_LATER. */
function mustNameAgencies(draft: Draft, task: Task, command: Consult): Refusal | undefined {
  const { violations } = consultedAgencies(draft, task, command);
  if (command.dueAt <= draft.now)
    violations.push({ field: 'due_at', reason: 'DUE_NOT_LATER', description: 'must be later than now' });
  return violations.length > 0 ? invalid(violations) : undefined;
}

/** The agencies that have the work of the named ones today, each once and without the one that consults. */
function consultedAgencies({ world, today }: Draft, task: Task, { agencyIds }: Consult) {
  const agencies: Agency[] = [];
  const violations: FieldViolation[] = [];
  for (const [i, id] of agencyIds.entries()) {
    const add = (reason: string, description: string) =>
      violations.push({ field: `agency_ids[${i}]`, reason, description });
    const named = world.agencies.get(id);
    const agency = currentHolder(world.agencies, id, today);
    if (named === undefined || !hasBegun(named, today))
      add('AGENCY_UNKNOWN', 'is not an agency in the directory at this date');
    else if (agency === undefined) add('AGENCY_ENDED', `ended on ${named.endedOn} and has no successor`);
    else if (standsFor(world.agencies, agency.id, task.agency.agencyId, today))
      add('OWN_AGENCY', 'is the agency that consults; name other agencies');
    else if (agencies.includes(agency)) add('AGENCY_TWICE', 'is the same agency as one before it');
    else agencies.push(agency);
  }
  return { agencies, violations };
}
