import { DossierStatus, TaskKind, TaskState } from '@lienthong/contracts/casework';
import type { Dossier, Task } from './state.ts';

/** The national status, 1 to 10 (TT 01/2018/TT-VPCP), derived from what happened. */
export function statusOf(
  dossier: Pick<
    Dossier,
    'refusedAt' | 'withdrawnAt' | 'returnedAt' | 'finishedAt' | 'pause' | 'acceptedAt' | 'startedAt'
  >,
): DossierStatus {
  if (dossier.refusedAt !== null) return DossierStatus.REFUSED;
  if (dossier.withdrawnAt !== null) return DossierStatus.WITHDRAWN;
  if (dossier.returnedAt !== null) return DossierStatus.RESULT_RETURNED;
  if (dossier.finishedAt !== null) return DossierStatus.FINISHED;
  if (dossier.pause !== null) return dossier.pause.status;
  if (dossier.acceptedAt === null) return DossierStatus.REGISTERED;
  return dossier.startedAt === null ? DossierStatus.ACCEPTED : DossierStatus.IN_PROGRESS;
}

/** Refused, withdrawn, finished or returned: no task is open. */
export const isClosed = (dossier: Pick<Dossier, 'refusedAt' | 'withdrawnAt' | 'finishedAt'>): boolean =>
  dossier.refusedAt !== null || dossier.withdrawnAt !== null || dossier.finishedAt !== null;

/** The matter is solved by another agency than the one that took it in. */
export const hasOtherCompetent = ({ competent, intake }: Pick<Dossier, 'competent' | 'intake'>): boolean =>
  competent.agencyId !== intake.agencyId;

export const isOpen = (task: Task): boolean => task.state === TaskState.OPEN;

/** Officers work on it: a sub-procedure only waits. */
export const isWork = (task: Task): boolean => task.kind !== TaskKind.SUB_PROCEDURE;

/**
 * The open task whose agency holds the dossier: the work that leads; while only sub-procedures are open, one of them.
 * Undefined while others are consulted, whose lead has no task.
 */
export function leadingTask({ open }: Pick<Dossier, 'open'>): Task | undefined {
  const lead = open.find((task) => task.lead && isWork(task));
  return lead || open.some(isWork) ? lead : (open.find((task) => task.lead) ?? open[0]);
}

/** True once the citizen may have the results. */
export const hasResults = ({ status }: Pick<Dossier, 'status'>): boolean =>
  status === DossierStatus.FINISHED || status === DossierStatus.RESULT_RETURNED;
