/** Who may do what: by the agency that stands for the one concerned, and by the officer a task is assigned to. */
import { DossierStatus, TaskKind } from '@lienthong/contracts/casework';
import { accepted, type Refusal, type Result, refused, vietnamDate } from '@lienthong/kit';
import { activeAt, currentHolder, hasBegun, hasEnded, nameAt, standsFor } from '@lienthong/reference-data';
import type { Dossier, Task } from '../dossier/state.ts';
import { isClosed } from '../dossier/status.ts';
import type { World } from '../dossier/world.ts';
import type { Caller } from './command.ts';
import type { Draft } from './draft.ts';
import { denied, precondition } from './refusals.ts';

export const isPlatform = (caller: Caller): boolean => caller.agencyId === '';

/** Unknown dossiers and those of others look the same. */
export const dossierUnknown: Refusal = {
  kind: 'not-found',
  reason: 'DOSSIER_UNKNOWN',
  message: 'there is no such dossier, or your agency takes no part in it',
};

export function takesPart(world: World, caller: Caller, dossier: Dossier, today: string): boolean {
  const { participants } = dossier;
  return (
    participants.includes(caller.agencyId) ||
    participants.some((id) => standsFor(world.agencies, caller.agencyId, id, today))
  );
}

/** An agency speaks while it is there, through officers who are in position; after its end its successor speaks. */
export function maySpeak(world: World, { agencyId, officerId }: Caller, now: number): Refusal | undefined {
  const { agencies, officers } = world;
  const today = vietnamDate(new Date(now));
  const agency = agencies.get(agencyId);
  if (agency === undefined || !hasBegun(agency, today))
    return precondition(
      'AGENCY_UNKNOWN',
      'the agency of your token is not in the directory at this date; a new agency is known within moments',
    );
  if (hasEnded(agency, today)) {
    const successor = currentHolder(agencies, agencyId, today);
    const acts = successor ? `${nameAt(successor, today)} acts in its place` : 'nobody acts in its place';
    return {
      ...precondition('AGENCY_ENDED', `your agency ended on ${agency.endedOn}; ${acts}`),
      metadata: { ended_on: agency.endedOn, successor_id: successor?.id ?? '' },
    };
  }
  // An officer the directory does not know (yet) speaks by the token alone.
  const officer = officers.get(officerId);
  if (officer === undefined || officer.agencyId !== agencyId || activeAt({ agencies }, officer, today))
    return undefined;
  return denied('OFFICER_NOT_IN_POSITION', 'your position at this agency does not cover this date');
}

export const actsForIntake = (draft: Draft): Refusal | undefined =>
  isPlatform(draft.caller) || stands(draft, draft.dossier.intake.agencyId)
    ? undefined
    : denied('NOT_THE_INTAKE', `only ${draft.dossier.intake.name}, which took the dossier in, may do this`);

export const actsForHolder = (draft: Draft): Refusal | undefined =>
  stands(draft, draft.dossier.holder.agencyId)
    ? undefined
    : denied('NOT_THE_HOLDER', `only ${draft.dossier.holder.name}, which has the dossier now, may do this`);

/** The task belongs to the caller's agency. */
export const actsForTask = (draft: Draft, task: Task): Refusal | undefined =>
  stands(draft, task.agency.agencyId)
    ? undefined
    : denied('NOT_YOUR_TASK', `task ${task.number} is for ${task.agency.name} to do`);

/** And nobody else is named for it, or the caller leads the agency. */
export function mayWork(draft: Draft, task: Task): Refusal | undefined {
  const foreign = actsForTask(draft, task);
  if (foreign) return foreign;
  const { officerId } = draft.caller;
  if (task.assigneeId === '' || task.assigneeId === officerId || leads(draft)) return undefined;
  return denied('NOT_ASSIGNED_TO_YOU', `task ${task.number} is assigned to another officer of your agency`);
}

export const leads = ({ caller }: Draft): boolean => caller.roles.includes('leader');

const stands = ({ world, caller, today }: Draft, agencyId: string): boolean =>
  caller.agencyId === agencyId || standsFor(world.agencies, caller.agencyId, agencyId, today);

const CLOSED: Readonly<Record<number, string>> = {
  [DossierStatus.REFUSED]: 'was not accepted',
  [DossierStatus.WITHDRAWN]: 'was withdrawn',
  [DossierStatus.FINISHED]: 'is finished',
  [DossierStatus.RESULT_RETURNED]: 'is finished and its result returned',
};

export const notClosed = ({ dossier }: Draft): Refusal | undefined =>
  isClosed(dossier)
    ? precondition('DOSSIER_CLOSED', `the dossier ${CLOSED[dossier.status]}; nothing more is done about it`)
    : undefined;

export const isAccepted = ({ dossier }: Draft): Refusal | undefined =>
  dossier.acceptedAt === null
    ? precondition('DOSSIER_NOT_ACCEPTED', 'the dossier is only registered; accept or refuse it first')
    : undefined;

const PAUSED: Readonly<Record<number, string>> = {
  [DossierStatus.SUPPLEMENT_REQUESTED]: 'waits for its supplement; record that first',
  [DossierStatus.PAYMENT_REQUESTED]: 'waits for a payment; record that first',
  [DossierStatus.STOPPED]: 'is stopped; resume it first',
};

export const notPaused = ({ dossier }: Draft): Refusal | undefined =>
  dossier.pause ? precondition('DOSSIER_PAUSED', `the dossier ${PAUSED[dossier.pause.status]}`) : undefined;

/** The first refusal, when there is one. */
export function first(
  draft: Draft,
  ...rules: readonly ((draft: Draft) => Refusal | undefined)[]
): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(draft);
    if (refusal) return refusal;
  }
  return undefined;
}

export function openTaskOf({ dossier }: Draft, number: number): Result<Task> {
  const task = dossier.open.find((one) => one.number === number);
  if (task) return accepted(task);
  if (number >= 1 && number <= dossier.lastTask)
    return refused(precondition('TASK_CLOSED', `task ${number} is done or no longer needed`));
  const kind = 'not-found';
  return refused({ kind, reason: 'TASK_UNKNOWN', message: `the dossier has no task ${number}` });
}

/** A task that officers work on: a sub-procedure only waits for another dossier. */
export function workOf(draft: Draft, number: number): Result<Task> {
  const found = openTaskOf(draft, number);
  if (!found.ok || found.value.kind !== TaskKind.SUB_PROCEDURE) return found;
  return refused(precondition('WAITS_FOR_DOSSIER', `task ${number} waits for the dossier it opened`));
}
