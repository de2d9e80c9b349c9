/** Who works on a task: an officer claims it, a leader assigns it, its officer hands it over to a colleague. */
import { AssignmentKind } from '@lienthong/contracts/casework';
import { invalid, type Refusal } from '@lienthong/kit';
import { isPostedAt, postingAt, standsFor } from '@lienthong/reference-data';
import { apply, type Draft, type Edit, emit, patch } from '../decision/draft.ts';
import { denied, precondition } from '../decision/refusals.ts';
import { isLeader, mustActForTask, mustBeWork, mustNotBeClosed } from '../decision/rules.ts';
import { onTask } from '../decision/transition.ts';
import { toEventTask } from '../dossier/messages.ts';
import type { Task } from '../dossier/state.ts';
import { patchTask } from './tasks.ts';

export const claim = onTask<'claim'>({
  rules: [mustNotBeClosed],
  taskRules: [mustBeWork, mustActForTask, mustBeFree],
  edits: ({ caller }, task) => [assignTo(task, { assigneeId: caller.officerId }, AssignmentKind.CLAIMED)],
});

export const assign = onTask<'assign'>({
  rules: [mustNotBeClosed],
  taskRules: [mustBeWork, mustActForTask, mustLead, mustBeColleague],
  edits: ({ officerId }, task) => [assignTo(task, { assigneeId: officerId }, AssignmentKind.ASSIGNED)],
});

export const handOver = onTask<'hand-over'>({
  rules: [mustNotBeClosed],
  taskRules: [mustBeWork, mustActForTask, mustBeOwn, mustBeColleague],
  edits: ({ officerId, reason }, task) => [
    assignTo(task, { assigneeId: officerId, note: reason || task.note }, AssignmentKind.HANDED_OVER),
  ],
});

function mustBeFree({ caller }: Draft, { number, assigneeId }: Task): Refusal | undefined {
  if (assigneeId === '') return undefined;
  if (assigneeId === caller.officerId)
    return precondition('TASK_ALREADY_YOURS', `task ${number} is yours already`);
  const message = `task ${number} is assigned to another officer; a leader may assign it to you`;
  return precondition('TASK_ALREADY_CLAIMED', message);
}

function mustLead(draft: Draft): Refusal | undefined {
  const message = 'only a leader of the agency assigns tasks; claim the task instead';
  return isLeader(draft) ? undefined : denied('LEADER_REQUIRED', message);
}

function mustBeOwn({ caller }: Draft, { number, assigneeId }: Task): Refusal | undefined {
  const message = `task ${number} is not assigned to you; only its officer hands it over`;
  return assigneeId === caller.officerId ? undefined : denied('NOT_ASSIGNED_TO_YOU', message);
}

function mustBeColleague(
  { world, today }: Draft,
  task: Task,
  { officerId }: { officerId: string },
): Refusal | undefined {
  const { agencies, officers } = world;
  if (task.assigneeId === officerId)
    return precondition('ALREADY_ASSIGNED', `task ${task.number} is assigned to this officer already`);
  const officer = officers.get(officerId);
  const posting = officer && postingAt({ agencies }, officer, today);
  if (posting && standsFor(agencies, posting.agencyId, task.agency.agencyId, today)) return undefined;
  const description = `is not an officer in position at ${task.agency.name} on ${today}`;
  return invalid([{ field: 'officer_id', reason: 'OFFICER_NOT_OF_AGENCY', description }]);
}

/** The tasks above a number, each to the officer who did its step before, if they are in position there. */
export const giveBack =
  (above: number): Edit =>
  (draft) => {
    const { open, doneBy } = draft.dossier;
    const returned = open.filter(({ number, blockKey, agency }) => {
      const officer = number > above ? draft.world.officers.get(doneBy[blockKey] ?? '') : undefined;
      return officer !== undefined && isPostedAt(draft.world, officer, agency.agencyId, draft.today);
    });
    return apply(
      draft,
      ...returned.map((task) =>
        assignTo(task, { assigneeId: doneBy[task.blockKey] ?? '' }, AssignmentKind.RETURNED),
      ),
    );
  };

const assignTo =
  (task: Task, change: Pick<Task, 'assigneeId'> & Partial<Task>, kind: AssignmentKind): Edit =>
  (draft) => {
    const assigned = toEventTask(draft.dossier.id, { ...task, ...change });
    const payload = { task: assigned, kind, fromOfficerId: task.assigneeId };
    return apply(
      draft,
      start,
      patchTask(task, change),
      emit('lienthong.casework.v1.TaskAssigned', payload, task.agency),
    );
  };

/** The first time somebody takes up an accepted dossier, it is in progress. */
export const start: Edit = (draft) => {
  const { acceptedAt, startedAt } = draft.dossier;
  return acceptedAt === null || startedAt !== null ? draft : patch({ startedAt: draft.now })(draft);
};
