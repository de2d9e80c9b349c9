import { randomUUID } from 'node:crypto';
import type { CompleteTaskRequest, LodgeDossierRequest } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import {
  type Block,
  Channel,
  type DeepPartial,
  type Definition,
  Effect,
} from '@lienthong/contracts/registry';
import type { Target } from './target.ts';

const PROCEDURE = '9.999001';
/** Steps of the measured procedure, all of the agency that took the dossier in. */
export const STEPS = 4;
/** Working days. */
export const STEP_DAYS = 2;
export const DOSSIER_DAYS = 10;

const NAMES = ['Thẩm định hồ sơ', 'Xác minh', 'Trình ký', 'Phát hành kết quả'];

function step(name: string, i: number): DeepPartial<Block> {
  return {
    key: `step-${i + 1}`,
    block: {
      $case: 'step',
      value: {
        name,
        performer: { performer: { $case: 'intake', value: {} } },
        timeLimit: { amount: { $case: 'days', value: STEP_DAYS } },
        outcomes: [{ key: 'done', name: 'Xong', effect: Effect.CONTINUE }],
        produces: i + 1 === STEPS ? ['result'] : [],
      },
    },
  };
}

const definition: DeepPartial<Definition> = {
  code: PROCEDURE,
  name: 'Thủ tục đo tải',
  tiers: [Tier.COMMUNE],
  kind: 'Mẫu',
  field: 'Đo tải',
  sequence: ['Nộp hồ sơ, xử lý qua bốn bước, nhận kết quả'],
  ways: [{ channel: Channel.IN_PERSON, feeVnd: 0n }],
  applicants: ['Cá nhân'],
  executingAgency: { performer: { $case: 'intake', value: {} } },
  decidingAgency: { performer: { $case: 'intake', value: {} } },
  intakePlace: 'Bộ phận một cửa',
  results: [{ key: 'result', name: 'Kết quả' }],
  legalBasis: ['NĐ 61/2018/NĐ-CP'],
  timeLimit: { amount: { $case: 'days', value: DOSSIER_DAYS } },
  workflow: {
    root: { key: 'all', block: { $case: 'sequence', value: { blocks: NAMES.map(step) } } },
  },
  sample: true,
};

export const lodging = (): DeepPartial<LodgeDossierRequest> => ({
  requestId: randomUUID(),
  procedureCode: PROCEDURE,
  channel: Channel.IN_PERSON,
  applicant: { fullName: 'Nguyễn Thị Mẫu', address: 'Vĩnh Long' },
  accept: true,
});

/** One of the steps; the last makes the result. */
export const completion = (dossierId: string, taskNumber: number): DeepPartial<CompleteTaskRequest> => ({
  requestId: randomUUID(),
  dossierId,
  taskNumber,
  outcome: 'done',
  results: taskNumber === STEPS ? [{ key: 'result', name: 'Kết quả', number: '01/GXN' }] : [],
});

/** Publishes the measured procedure, and waits until casework knows it. */
export async function publishProcedure(target: Pick<Target, 'admin' | 'settled'>): Promise<void> {
  const admin = target.admin();
  try {
    const { procedure } = await admin.procedures.draftProcedure({ definition });
    const procedureId = procedure?.id as string;
    const { problems } = await admin.procedures.validateProcedure({ procedureId });
    const [problem] = problems;
    if (problem) throw new Error(`the measured procedure is not sound: ${problem.place}: ${problem.message}`);
    await admin.procedures.publishProcedure({
      procedureId,
      decision: {
        number: '01/QĐ-UBND',
        decidedOn: '2026-01-05',
        signerName: 'Nguyễn Văn Mẫu',
        signerPosition: 'Chủ tịch',
      },
    });
    await target.settled(admin);
  } finally {
    admin.close();
  }
}
