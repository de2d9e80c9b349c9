/** The rules that transitions declare. A rule returns its refusal, or undefined when it holds. */
import { DossierStatus, TaskKind } from '@lienthong/contracts/casework';
import { type Refusal, refuse } from '@lienthong/kit';
import { standsFor } from '@lienthong/reference-data';
import type { Pause, Task } from '../dossier/state.ts';
import { isClosed } from '../dossier/status.ts';
import { isPlatform } from './callers.ts';
import type { Draft } from './draft.ts';
import { denied, precondition } from './refusals.ts';

type Rule<C extends unknown[]> = (draft: Draft, ...command: C) => Refusal | undefined;

/** A limit that the law sets on when and how often something is done: what another system did is as it is. */
export const withinLaw =
  <C extends unknown[]>(rule: Rule<C>): Rule<C> =>
  (draft, ...command) =>
    draft.isPast ? undefined : rule(draft, ...command);

export const mustActForIntake = (draft: Draft): Refusal | undefined =>
  isPlatform(draft.caller) || actsFor(draft, draft.dossier.intake.agencyId)
    ? undefined
    : denied('NOT_THE_INTAKE', `only ${draft.dossier.intake.name}, which took the dossier in, may do this`);

/** The intake agency, or the one at whose counter the result is taken. */
export const mustActForCounter = (draft: Draft): Refusal | undefined => {
  const counterId = draft.dossier.resultReturn?.agencyId ?? '';
  return counterId !== '' && actsFor(draft, counterId) ? undefined : mustActForIntake(draft);
};

export const mustActForHolder = (draft: Draft): Refusal | undefined =>
  actsFor(draft, draft.dossier.holder.agencyId)
    ? undefined
    : denied('NOT_THE_HOLDER', `only ${draft.dossier.holder.name}, which has the dossier now, may do this`);

/** The task belongs to the caller's agency. */
export const mustActForTask = (draft: Draft, task: Task): Refusal | undefined =>
  actsFor(draft, task.agency.agencyId)
    ? undefined
    : denied(
        'NOT_YOUR_TASK',
        `task ${task.number} belongs to ${task.agency.name}; only that agency may do this`,
      );

/** The same, and the task is free or the caller's own, or the caller leads the agency. */
export function mustBeAssigned(draft: Draft, task: Task): Refusal | undefined {
  const foreign = mustActForTask(draft, task);
  if (foreign) return foreign;
  const { officerId } = draft.caller;
  if (task.assigneeId === '' || task.assigneeId === officerId || isLeader(draft)) return undefined;
  return denied('NOT_ASSIGNED_TO_YOU', `task ${task.number} is assigned to another officer of your agency`);
}

export const isLeader = ({ caller }: Draft): boolean => caller.roles.includes('leader');

const actsFor = ({ world, caller, today }: Draft, agencyId: string): boolean =>
  caller.agencyId === agencyId || standsFor(world.agencies, caller.agencyId, agencyId, today);

const CLOSED: Partial<Record<DossierStatus, string>> = {
  [DossierStatus.REFUSED]: 'was not accepted',
  [DossierStatus.WITHDRAWN]: 'was withdrawn',
  [DossierStatus.FINISHED]: 'is finished',
  [DossierStatus.RESULT_RETURNED]: 'is finished and its result returned',
};

export const mustNotBeClosed = ({ dossier }: Draft): Refusal | undefined =>
  isClosed(dossier)
    ? precondition('DOSSIER_CLOSED', `the dossier ${CLOSED[dossier.status]}; it cannot be changed any more`)
    : undefined;

export const mustBeAccepted = ({ dossier }: Draft): Refusal | undefined =>
  dossier.acceptedAt === null
    ? precondition('DOSSIER_NOT_ACCEPTED', 'the dossier is only registered; accept or refuse it first')
    : undefined;

const PAUSED: Record<Pause['status'], string> = {
  [DossierStatus.SUPPLEMENT_REQUESTED]: 'waits for its supplement; record that first',
  [DossierStatus.PAYMENT_REQUESTED]: 'waits for a payment; record that first',
  [DossierStatus.STOPPED]: 'is stopped; resume it first',
};

export const mustNotBePaused = ({ dossier }: Draft): Refusal | undefined =>
  dossier.pause ? precondition('DOSSIER_PAUSED', `the dossier ${PAUSED[dossier.pause.status]}`) : undefined;

export const mustBePausedAs =
  (status: Pause['status'], reason: string, message: string) =>
  ({ dossier }: Pick<Draft, 'dossier'>): Refusal | undefined =>
    dossier.pause?.status === status ? undefined : precondition(reason, message);

/** What every step of the workflow needs: the clock of an accepted dossier runs. */
export const UNDER_WAY = [mustNotBeClosed, mustBeAccepted, mustNotBePaused] as const;

/** Officers work on the task: a sub-procedure only waits for another dossier. */
export const mustBeWork = (_: Draft, task: Task): Refusal | undefined =>
  task.kind === TaskKind.SUB_PROCEDURE
    ? precondition(
        'WAITS_FOR_DOSSIER',
        `task ${task.number} waits for the dossier it opened; nothing is to do here`,
      )
    : undefined;

/** Refuses: TASK_CLOSED, TASK_UNKNOWN. */
export function openTaskOf({ dossier }: Draft, number: number): Task {
  const task = dossier.open.find((one) => one.number === number);
  if (task) return task;
  if (number >= 1 && number <= dossier.lastTask)
    return refuse(precondition('TASK_CLOSED', `task ${number} is done or no longer needed`));
  const kind = 'not-found';
  const message = `the dossier has no task ${number}; its tasks are 1 to ${dossier.lastTask}`;
  return refuse({ kind, reason: 'TASK_UNKNOWN', message });
}
