import { AssignmentKind } from '@lienthong/contracts/casework';
import { accepted, invalid, type Refusal, type Result, refused } from '@lienthong/kit';
import { activeAt, standsFor } from '@lienthong/reference-data';
import { actsForTask, leads, notClosed, workOf } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { type Draft, decided, emit, patch } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { denied, precondition } from '../decision/refusals.ts';
import { toldTask } from '../dossier/show.ts';
import type { Task } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import { patchTask } from './tasks.ts';

type Of<K extends Transition['kind']> = Extract<Transition, { kind: K }>;

/** Refused: TASK_ALREADY_YOURS, TASK_ALREADY_CLAIMED. */
export function decideClaim(command: Of<'claim'>, world: World): Result<Decided> {
  const found = taskOf(command, world);
  if (!found.ok) return found;
  const { draft, task } = found.value;
  const { officerId } = command.caller;
  if (task.assigneeId === officerId)
    return refused(precondition('TASK_ALREADY_YOURS', `task ${task.number} is yours already`));
  if (task.assigneeId !== '') {
    const message = `task ${task.number} is assigned to another officer; a leader may assign it to you`;
    return refused(precondition('TASK_ALREADY_CLAIMED', message));
  }
  return accepted(assigned(draft, task, officerId, AssignmentKind.CLAIMED));
}

/** Refused: LEADER_REQUIRED, OFFICER_NOT_OF_AGENCY, ALREADY_ASSIGNED. */
export function decideAssign(command: Of<'assign'>, world: World): Result<Decided> {
  const found = taskOf(command, world);
  if (!found.ok) return found;
  const { draft, task } = found.value;
  if (!leads(draft))
    return refused(denied('LEADER_REQUIRED', 'only a leader of the agency assigns; claim the task instead'));
  const wrong = notColleague(draft, task, command.officerId);
  if (wrong) return refused(wrong);
  return accepted(assigned(draft, task, command.officerId, AssignmentKind.ASSIGNED));
}

/** From the officer who has it to a colleague. Refused: NOT_ASSIGNED_TO_YOU, OFFICER_NOT_OF_AGENCY, ALREADY_ASSIGNED. */
export function decideHandOver(command: Of<'hand-over'>, world: World): Result<Decided> {
  const found = taskOf(command, world);
  if (!found.ok) return found;
  const { draft, task } = found.value;
  if (task.assigneeId !== command.caller.officerId) {
    const message = `task ${task.number} is not assigned to you; only who has it hands it over`;
    return refused(denied('NOT_ASSIGNED_TO_YOU', message));
  }
  const wrong = notColleague(draft, task, command.officerId);
  if (wrong) return refused(wrong);
  const handed = command.reason === '' ? task : patchTask(draft, task, { note: command.reason });
  return accepted(assigned(draft, handed, command.officerId, AssignmentKind.HANDED_OVER));
}

function taskOf(
  command: Of<'claim' | 'assign' | 'hand-over'>,
  world: World,
): Result<{ draft: Draft; task: Task }> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const closed = notClosed(draft);
  if (closed) return refused(closed);
  const task = workOf(draft, command.taskNumber);
  if (!task.ok) return task;
  const foreign = actsForTask(draft, task.value);
  return foreign ? refused(foreign) : accepted({ draft, task: task.value });
}

function notColleague({ world, today }: Draft, task: Task, officerId: string): Refusal | undefined {
  const { agencies, officers } = world;
  if (task.assigneeId === officerId)
    return precondition('ALREADY_ASSIGNED', `task ${task.number} is assigned to this officer already`);
  const officer = officers.get(officerId);
  const there =
    officer !== undefined &&
    activeAt({ agencies }, officer, today) &&
    standsFor(agencies, officer.agencyId, task.agency.agencyId, today);
  if (there) return undefined;
  const description = `is not an officer in position at ${task.agency.name} on ${today}`;
  return invalid([{ field: 'officer_id', reason: 'OFFICER_NOT_OF_AGENCY', description }]);
}

function assigned(draft: Draft, task: Task, officerId: string, kind: AssignmentKind): Decided {
  start(draft);
  const changed = patchTask(draft, task, { assigneeId: officerId });
  emit(
    draft,
    'lienthong.casework.v1.TaskAssigned',
    { task: toldTask(draft.dossier.id, changed), kind, fromOfficerId: task.assigneeId },
    task.agency,
  );
  return decided(draft);
}

/** The first time somebody takes up an accepted dossier, it is in progress. */
export function start(draft: Draft): void {
  const { acceptedAt, startedAt } = draft.dossier;
  if (acceptedAt !== null && startedAt === null) patch(draft, { startedAt: draft.now });
}
