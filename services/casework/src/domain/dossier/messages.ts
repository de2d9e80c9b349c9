/** Dossiers and tasks as the API and the events carry them. */
import type {
  DossierFee,
  DossierRef,
  DossierStanding,
  Extension,
  HandedInFile,
  Paper,
  Payment as PaymentMessage,
  Result,
  Task as TaskMessage,
} from '@lienthong/contracts/casework';

import { ReturnWay } from '@lienthong/contracts/casework';
import { dataForEvents, explainFee, totalOf } from '@lienthong/workflow';
import type { CompiledProcedure } from './procedure.ts';
import type { Dossier, HandedIn, Payment, Task } from './state.ts';
import { leadingTask } from './status.ts';

export const toFee = (fees: Dossier['fees']): DossierFee | undefined =>
  fees === null
    ? undefined
    : {
        totalVnd: BigInt(totalOf(fees.each)),
        lines: fees.each.map((fee) => ({
          key: fee.key,
          name: fee.name,
          amountVnd: BigInt(fee.amountVnd),
          ...explainFee(fee),
        })),
      };

export const toDate = (at: number | null): Date | undefined => (at === null ? undefined : new Date(at));

export const toHandedInFile = ({ at, sizeBytes, ...file }: HandedIn): HandedInFile => ({
  ...file,
  sizeBytes: BigInt(sizeBytes),
  at: toDate(at),
});

/** A task for the participants. */
export const toTaskMessage = (dossierId: string, task: Task): TaskMessage => ({
  dossierId,
  number: task.number,
  kind: task.kind,
  blockKey: task.blockKey,
  name: task.name,
  agency: task.agency,
  assigneeId: task.assigneeId,
  state: task.state,
  urgency: task.urgency,
  openedAt: toDate(task.openedAt),
  dueAt: toDate(task.dueAt),
  dueProvisional: task.provisional,
  closedAt: toDate(task.closedAt),
  outcome: task.outcome,
  note: task.note,
  closedBy: task.closedBy,
  subDossierId: task.subDossierId,
  question: task.question,
  outcomes: [],
  subResults: [],
});

// Events carry nothing that people wrote: agencies read them that take no part in the dossier.

export const toEventTask = (dossierId: string, task: Task): TaskMessage => ({
  ...toTaskMessage(dossierId, task),
  note: '',
  question: '',
});

/** Papers with the procedure's names. A paper that the procedure does not know loses its name, which a person wrote. */
export const toEventPapers = (papers: readonly Paper[], { definition }: CompiledProcedure): Paper[] =>
  papers.map((paper) => ({
    ...paper,
    name: definition.papers.find(({ key }) => key !== '' && key === paper.key)?.name ?? '',
  }));

export const toPayment = ({ amountVnd, receipt, at, provider = '' }: Payment): PaymentMessage => ({
  amountVnd: BigInt(amountVnd),
  receipt,
  at: new Date(at),
  provider,
});

/** Results with the part of their data that the procedure lets into events. */
export const toEventResults = (results: readonly Result[], { definition }: CompiledProcedure): Result[] =>
  results.map((result) => {
    const declared = definition.results.find(({ key }) => key === result.key);
    return { ...result, data: dataForEvents(declared?.data ?? [], result.data) };
  });

/** An extension for the participants. */
export const toExtension = ({
  from,
  to,
  reason,
  at,
  provisional = false,
}: NonNullable<Dossier['extension']>): Extension => ({
  from: new Date(from),
  to: new Date(to),
  reason,
  at: new Date(at),
  provisional,
});

export const toEventExtension = (extension: NonNullable<Dossier['extension']>): Extension => ({
  ...toExtension(extension),
  reason: '',
});

export const toDossierRef = (dossier: Dossier, { procedure, definition }: CompiledProcedure): DossierRef => ({
  id: dossier.id,
  code: dossier.code,
  procedureCode: procedure.code,
  procedureVersion: procedure.version,
  procedureName: definition.name,
  intakeAgencyId: dossier.intake.agencyId,
  holderId: dossier.holder.agencyId,
  status: dossier.status,
  dueAt: toDate(dossier.dueAt),
  dueProvisional: dossier.provisional,
  receiverId: dossier.acts.accepted?.officerId ?? '',
  solverId: leadingTask(dossier)?.assigneeId ?? '',
  returnWay: dossier.resultReturn?.way ?? ReturnWay.UNSPECIFIED,
  competentAgencyId: dossier.competent.agencyId,
});

export const toStanding = (dossier: Dossier): DossierStanding => ({
  dossierId: dossier.id,
  status: dossier.status,
  dueAt: toDate(dossier.dueAt),
  dueProvisional: dossier.provisional,
  version: BigInt(dossier.version),
  openTasks: dossier.open.map(({ number }) => number),
});
