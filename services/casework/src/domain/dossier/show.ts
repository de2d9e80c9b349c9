import type {
  DossierRef,
  DossierStanding,
  Extension,
  Paper,
  Task as ShownTask,
} from '@lienthong/contracts/casework';
import type { CompiledProcedure } from './procedure.ts';
import type { Dossier, Task } from './state.ts';

export const date = (at: number | null): Date | undefined => (at === null ? undefined : new Date(at));

/** A task as the API shows it to those who take part. */
export const shownTask = (dossierId: string, task: Task): ShownTask => ({
  dossierId,
  number: task.number,
  kind: task.kind,
  blockKey: task.blockKey,
  name: task.name,
  agency: task.agency,
  assigneeId: task.assigneeId,
  state: task.state,
  urgency: task.urgency,
  openedAt: date(task.openedAt),
  dueAt: date(task.dueAt),
  closedAt: date(task.closedAt),
  outcome: task.outcome,
  note: task.note,
  closedBy: task.closedBy,
  subDossierId: task.subDossierId,
  question: task.question,
});

// Events go to every agency that may listen: nothing that people wrote.

export const toldTask = (dossierId: string, task: Task): ShownTask => ({
  ...shownTask(dossierId, task),
  note: '',
  question: '',
});

/** Papers by the procedure's names; one that was not asked for is named by who handed it in. */
export const toldPapers = (papers: readonly Paper[], { definition }: CompiledProcedure): Paper[] =>
  papers.map((paper) => ({
    ...paper,
    name: definition.papers.find(({ key }) => key !== '' && key === paper.key)?.name ?? '',
  }));

export const toldExtension = ({ from, to, at }: NonNullable<Dossier['extension']>): Extension => ({
  from: new Date(from),
  to: new Date(to),
  reason: '',
  at: new Date(at),
});

export const dossierRef = (dossier: Dossier, { procedure, definition }: CompiledProcedure): DossierRef => ({
  id: dossier.id,
  code: dossier.code,
  procedureCode: procedure.code,
  procedureVersion: procedure.version,
  procedureName: definition.name,
  intakeAgencyId: dossier.intake.agencyId,
  holderId: dossier.holder.agencyId,
  status: dossier.status,
  dueAt: date(dossier.dueAt),
});

export const standingOf = (dossier: Dossier): DossierStanding => ({
  dossierId: dossier.id,
  status: dossier.status,
  dueAt: date(dossier.dueAt),
  version: BigInt(dossier.version),
  openTasks: dossier.open.map(({ number }) => number),
});
