import {
  type Dossier as DossierMessage,
  DossierStatus,
  ReturnWay,
  TaskState,
} from '@lienthong/contracts/casework';
import { filesIn, findCase } from '@lienthong/workflow';
import {
  toDate,
  toExtension,
  toFee,
  toHandedInFile,
  toPayment,
  toTaskMessage,
} from '../domain/dossier/messages.ts';
import type { Dossier, Task } from '../domain/dossier/state.ts';
import { outcomesOf } from '../domain/work/outcomes.ts';
import type { ProcedureCache, ProcedureRecords } from '../store/procedures.ts';
import type { WholeDossier } from '../store/whole-dossier.ts';

/** Everything of a dossier but its secret, for its participants. */
export function toDossierMessage(
  { dossier, tasks, applicant }: WholeDossier,
  procedures: ProcedureCache,
): DossierMessage {
  const { extension, pause } = dossier;
  const procedure = procedures.record(dossier.procedureId);
  const contentOf = (status: DossierStatus) => (pause?.status === status ? pause.content : '');
  return {
    id: dossier.id,
    code: dossier.code,
    procedureId: dossier.procedureId,
    procedureCode: procedure?.code ?? '',
    procedureVersion: procedure?.version ?? 0,
    procedureName: procedure?.definition?.name ?? '',
    channel: dossier.channel,
    caseKey: dossier.caseKey,
    caseName: (procedure?.definition && findCase(procedure.definition, dossier.caseKey)?.name) ?? '',
    fee: toFee(dossier.fees),
    status: dossier.status,
    intake: dossier.intake,
    competent: dossier.competent,
    holder: dossier.holder,
    lodgedAt: toDate(dossier.lodgedAt),
    acceptedAt: toDate(dossier.acceptedAt),
    dueAt: toDate(dossier.dueAt),
    dueProvisional: dossier.provisional,
    finishedAt: toDate(dossier.finishedAt),
    returnedAt: toDate(dossier.returnedAt),
    urgency: dossier.urgency,
    extension: extension ? toExtension(extension) : undefined,
    supplementContent: contentOf(DossierStatus.SUPPLEMENT_REQUESTED),
    supplements: dossier.supplements,
    paymentDueVnd: BigInt(pause?.status === DossierStatus.PAYMENT_REQUESTED ? pause.amountVnd : 0),
    paymentContent: contentOf(DossierStatus.PAYMENT_REQUESTED),
    payments: dossier.payments.map(toPayment),
    surplusPayments: dossier.surplusPayments.map(toPayment),
    reason: pause?.status === DossierStatus.STOPPED ? pause.content : dossier.reason,
    papers: dossier.papers,
    handedIn: dossier.handedIn.map(toHandedInFile),
    results: dossier.results,
    resultReturn: dossier.resultReturn ?? { way: ReturnWay.COUNTER, place: '', agencyId: '' },
    tasks: tasks.map((task) => toTask(dossier, task, procedures)),
    data: dossier.data,
    applicant,
    parentDossierId: dossier.parentDossierId,
    imported: dossier.imported ? { ...dossier.imported, at: new Date(dossier.imported.at) } : undefined,
    version: BigInt(dossier.version),
  };
}

/** For a participant who may not read the dossier's files: a digest would show which known file each is. */
export function withoutDigests(message: DossierMessage, procedures: ProcedureRecords): DossierMessage {
  const fields = procedures.record(message.procedureId)?.definition?.data ?? [];
  const filesOfData = filesIn(fields, message.data).map(({ path }) => [path, '']);
  return {
    ...message,
    papers: message.papers.map(withoutDigest),
    handedIn: message.handedIn.map(withoutDigest),
    results: message.results.map(withoutDigest),
    tasks: message.tasks.map((task) => ({ ...task, subResults: task.subResults.map(withoutDigest) })),
    data: { ...message.data, ...Object.fromEntries(filesOfData) },
  };
}

const withoutDigest = <T extends { sha256: string }>(file: T): T => ({ ...file, sha256: '' });

const toTask = (dossier: Dossier, task: Task, procedures: ProcedureCache) => {
  const compiled = task.state === TaskState.OPEN ? procedures.byId(dossier.procedureId) : undefined;
  return {
    ...toTaskMessage(dossier.id, task),
    outcomes: compiled ? outcomesOf(compiled, task) : [],
    subResults: dossier.subResults.flatMap(({ taskNumber, ...result }) =>
      taskNumber === task.number ? result : [],
    ),
  };
};
