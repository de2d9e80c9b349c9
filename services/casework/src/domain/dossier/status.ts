import { DossierStatus, TaskKind, TaskState } from '@lienthong/contracts/casework';
import type { Dossier, Task } from './state.ts';

const S = DossierStatus;

/** The national status, 1 to 10 (TT 01/2018/TT-VPCP), from what happened; nothing else decides it. */
export function statusOf(
  dossier: Pick<
    Dossier,
    'refusedAt' | 'withdrawnAt' | 'returnedAt' | 'finishedAt' | 'pause' | 'acceptedAt' | 'startedAt'
  >,
): DossierStatus {
  if (dossier.refusedAt !== null) return S.REFUSED;
  if (dossier.withdrawnAt !== null) return S.WITHDRAWN;
  if (dossier.returnedAt !== null) return S.RESULT_RETURNED;
  if (dossier.finishedAt !== null) return S.FINISHED;
  if (dossier.pause !== null) return dossier.pause.status;
  if (dossier.acceptedAt === null) return S.REGISTERED;
  return dossier.startedAt === null ? S.ACCEPTED : S.IN_PROGRESS;
}

/** Nothing more is done about it: refused, withdrawn, finished or returned. */
export const isClosed = (dossier: Pick<Dossier, 'refusedAt' | 'withdrawnAt' | 'finishedAt'>): boolean =>
  dossier.refusedAt !== null || dossier.withdrawnAt !== null || dossier.finishedAt !== null;

export const isOpen = (task: Task): boolean => task.state === TaskState.OPEN;

/** Whether somebody works on it: a sub-procedure only waits. */
export const isWork = (task: Task): boolean => task.kind !== TaskKind.SUB_PROCEDURE;
