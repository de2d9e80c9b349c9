import type { AgencyClient } from '@lienthong/client';
import type { CompleteTaskRequest, DossierStanding } from '@lienthong/contracts/casework';
import { TaskKind } from '@lienthong/contracts/casework';
import type { DeepPartial } from '@lienthong/contracts/routing';
import { addDays, vietnamCalendar } from '@lienthong/working-time';
import type { Act } from './decide.ts';
import { type Files, handIn, uploadScan } from './files.ts';
import { type Case, noteStanding } from './ledger.ts';
import type { Desk } from './officers.ts';
import type { PaymentProvider } from './payments.ts';
import { outcomeOf, papersOf } from './procedures.ts';

const HOUR_MS = 3_600_000;

export interface Deps {
  desk: Desk;
  /** The moment of the story. */
  now: number;
  /** The agencies that an officer consults beside those of the workflow. */
  advisers: readonly string[];
  files: Files;
  payments: PaymentProvider;
}

/** Performs the act as an officer, over gRPC, and notes the reply in the ledger. */
export async function perform(one: Case, act: Act, deps: Deps): Promise<void> {
  const { standing } = await call(one, act, deps);
  noteStanding(one, standing, deps.now);
  one.did.add(act.what);
}

type Answer = Promise<{ standing?: DossierStanding | undefined }>;

function call(one: Case, { what, task }: Act, { desk, now, advisers, files, payments }: Deps): Answer {
  const { casework } = desk.officer.client;
  const dossierId = one.id;
  const wait = (days: number) => {
    one.waitUntil = now + days * 24 * HOUR_MS - HOUR_MS;
  };
  const taskNumber = task?.number ?? 0;
  switch (what) {
    case 'accept':
      return casework.acceptDossier({ dossierId });
    case 'refuse':
      return casework.refuseDossier({ dossierId, reason: 'Không thuộc thẩm quyền giải quyết của cơ quan' });
    case 'return the result':
      return casework.returnResult({ dossierId });
    case 'withdraw':
      return casework.withdrawDossier({ dossierId, reason: 'Công dân đề nghị rút hồ sơ' });
    case 'ask for a supplement':
      wait(2);
      one.supplements += 1;
      return casework.requestSupplement({
        dossierId,
        content: 'Bản sao giấy tờ tùy thân còn giá trị sử dụng',
        reason: 'Giấy tờ đã nộp hết giá trị sử dụng',
        contactPhone: '0270 3822 777',
      });
    case 'receive the supplement':
      return receiveSupplement(one, desk.officer.client, files);
    case 'ask for payment':
      wait(1);
      return casework.requestPayment({
        dossierId,
      });
    case 'record the payment':
      if (one.secret !== '') return payByLink(one, desk.officer.client, files, payments);
      return casework.recordPayment({
        dossierId,
        amountVnd: one.feeVnd,
        receipt: `BL-${one.code.slice(-4)}`,
      });
    case 'extend':
      one.extended = true;
      return casework.extendDeadline({
        dossierId,
        dueAt: new Date(addDays(vietnamCalendar, one.dueAt ?? now, 3)),
        reason: 'Cần thêm thời gian xác minh thực địa',
      });
    case 'assign':
      return desk.head.client.casework.assignTask({ dossierId, taskNumber, officerId: desk.officer.id });
    case 'consult':
      return casework.requestConsultation({
        dossierId,
        taskNumber,
        agencyIds: [...advisers],
        question: 'Đề nghị quý cơ quan cho ý kiến về nội dung thuộc lĩnh vực quản lý.',
        dueAt: new Date(addDays(vietnamCalendar, now, 3)),
      });
    case 'complete':
      return complete(one, desk.officer.client, { dossierId, taskNumber }, task?.kind, task?.blockKey ?? '');
  }
}

/** The citizen pays on the provider's page. */
async function payByLink(
  { id: dossierId, code, secret }: Case,
  { casework }: AgencyClient,
  { citizen }: Files,
  payments: PaymentProvider,
): Answer {
  const { url } = await citizen.citizenPayments.requestPaymentLink({ code, secret });
  await payments.pay(url);
  const { dossier } = await casework.getDossier({ dossierId });
  if (!dossier) throw new Error(`dossier ${code} did not come back`);
  const { status, version, dueAt, dueProvisional } = dossier;
  return { standing: { dossierId, status, version, dueAt, dueProvisional, openTasks: [] } };
}

/** The citizen hands the paper in; the one-stop unit opens it and takes it. */
async function receiveSupplement(one: Case, { casework }: AgencyClient, files: Files): Answer {
  const [paper] = papersOf(one.procedure);
  if (!paper) throw new Error(`${one.procedure.code} requires no paper`);
  const sha256 = await handIn(files, one, paper.name);
  return casework.receiveSupplement({ dossierId: one.id, papers: [{ ...paper, sha256 }] });
}

async function complete(
  { procedure, conduct, code }: Case,
  client: AgencyClient,
  which: { dossierId: string; taskNumber: number },
  kind: TaskKind | undefined,
  blockKey: string,
): Answer {
  const { casework } = client;
  const request: DeepPartial<CompleteTaskRequest> = which;
  if (kind === TaskKind.CONSULTATION)
    return casework.completeTask({ ...request, note: 'Thống nhất với đề xuất của cơ quan chủ trì.' });
  const step = procedure.steps.get(blockKey);
  if (kind !== TaskKind.STEP || !step) return casework.completeTask(request);
  const { key: outcome, refuses } = outcomeOf(step, conduct === 'refused by a step');
  const results = await Promise.all(
    (refuses ? [] : step.produces).map(async (key) => ({
      key,
      number: `${code.slice(-4)}/KQ`,
      sha256: await uploadScan(client, `${key} ${blockKey} ${code}`),
    })),
  );
  return casework.completeTask({
    ...request,
    outcome,
    note: refuses ? 'Hồ sơ không đủ điều kiện giải quyết theo quy định' : '',
    results,
  });
}
