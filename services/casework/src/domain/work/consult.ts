import { TaskKind } from '@lienthong/contracts/casework';
import type { Agency } from '@lienthong/contracts/directory';
import { accepted, type FieldViolation, invalid, type Result, refused } from '@lienthong/kit';
import { currentHolder, hasBegun, partyAt, standsFor } from '@lienthong/reference-data';
import { agreedClock } from '../deadlines/clock.ts';
import { first, isAccepted, mayWork, notClosed, notPaused, workOf } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { type Draft, decided } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { precondition } from '../decision/refusals.ts';
import type { Task } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import { start } from './assignment.ts';
import { openTask, patchTask } from './tasks.ts';

type Consult = Extract<Transition, { kind: 'consult' }>;

const NAME = 'Cho ý kiến phối hợp';

/**
 * An officer asks other agencies beside what the workflow asks. Refused: NOT_A_STEP, and by field AGENCY_UNKNOWN,
 * AGENCY_ENDED, AGENCY_TWICE, OWN_AGENCY, DUE_NOT_LATER.
 */
export function decideConsult(command: Consult, world: World): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const barred = first(draft, notClosed, isAccepted, notPaused);
  if (barred) return refused(barred);
  const found = workOf(draft, command.taskNumber);
  if (!found.ok) return found;
  const task = found.value;
  const foreign = mayWork(draft, task);
  if (foreign) return refused(foreign);
  if (task.kind !== TaskKind.STEP)
    return refused(precondition('NOT_A_STEP', 'agencies are consulted from a step of the workflow only'));
  const { asked, violations } = addressed(draft, task, command);
  if (command.dueAt <= draft.now)
    violations.push({ field: 'due_at', reason: 'DUE_NOT_LATER', description: 'must be later than now' });
  if (violations.length > 0) return refused(invalid(violations));
  start(draft);
  if (task.assigneeId === '') patchTask(draft, task, { assigneeId: command.caller.officerId });
  for (const agency of asked)
    openTask(draft, {
      kind: TaskKind.CONSULTATION,
      name: NAME,
      agency: partyAt(agency, draft.today),
      question: command.question,
      askedFrom: task.number,
      clock: agreedClock(draft.now, command.dueAt),
    });
  return accepted(decided(draft));
}

/** Who has the work of each agency today; none twice, and not the one that asks. */
function addressed({ world, today }: Draft, task: Task, { agencyIds }: Consult) {
  const asked: Agency[] = [];
  const violations: FieldViolation[] = [];
  for (const [i, id] of agencyIds.entries()) {
    const wrong = (reason: string, description: string) =>
      violations.push({ field: `agency_ids[${i}]`, reason, description });
    const named = world.agencies.get(id);
    const agency = currentHolder(world.agencies, id, today);
    if (named === undefined || !hasBegun(named, today))
      wrong('AGENCY_UNKNOWN', 'is not an agency in the directory at this date');
    else if (agency === undefined) wrong('AGENCY_ENDED', `ended on ${named.endedOn} and has no successor`);
    else if (standsFor(world.agencies, agency.id, task.agency.agencyId, today))
      wrong('OWN_AGENCY', 'is the agency that asks; ask others');
    else if (asked.includes(agency)) wrong('AGENCY_TWICE', 'is asked already');
    else asked.push(agency);
  }
  return { asked, violations };
}
