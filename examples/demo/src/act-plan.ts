import { createHash } from 'node:crypto';
import { Tier } from '@lienthong/contracts/directory';
import {
  BusinessKind,
  DeliveryState,
  DeliveryStatus,
  SteeringType,
  Urgency,
} from '@lienthong/contracts/routing';
import type { Party } from './agencies.ts';
import { deliveriesOf, type Ledger, noteDelivery } from './ledger.ts';
import { issue, receive, reportStatus, type Stage, toCode } from './stage.ts';

export const PLAN_DUE = '2017-03-31';

const signer = { competence: 'TM. ỦY BAN NHÂN DÂN', position: 'Chủ tịch', fullName: 'Nguyễn Văn Mẫu' };

/** The plan as a file: generated text, large enough to travel in many chunks. */
function planFile(): Buffer {
  const line =
    'Kế hoạch thực hiện Chương trình hành động 11-CTr/TU về cải cách hành chính (bản mẫu sinh tự động).\n';
  return Buffer.from(line.repeat(8_000));
}

export interface Plan {
  id: string;
  recipients: readonly Party[];
}

/** 2017-03-06: the province's plan goes to every department, district and commune, with tasks and a due date. */
export async function issuePlan(stage: Stage, province: Party, recipients: readonly Party[]): Promise<Plan> {
  const file = planFile();
  const { sha256 } = await stage.of(province.id).uploadAttachment(file);
  if (sha256 !== createHash('sha256').update(file).digest('hex'))
    throw new Error('the stored plan differs from the file');
  const id = await issue(stage, province.id, 'Kế hoạch cải cách hành chính tỉnh Vĩnh Long năm 2017', {
    notation: 'KH-UBND',
    type: 'KH',
    place: 'Vĩnh Long',
    urgency: Urgency.URGENT,
    promulgatedOn: '2017-03-06',
    signer,
    steering: SteeringType.DIRECTIVE,
    dueOn: PLAN_DUE,
    tasks: [
      { content: 'Công khai thủ tục hành chính tại bộ phận một cửa', dueOn: '2017-03-20' },
      { content: 'Báo cáo kết quả rà soát thủ tục hành chính', dueOn: PLAN_DUE },
    ],
    attachments: [{ sha256, name: 'ke-hoach.txt', contentType: 'text/plain; charset=utf-8' }],
    recipients: recipients.map(toCode),
  });
  stage.print(
    `plan issued to ${recipients.length} agencies, with a file of ${(file.length / 1e6).toFixed(1)} MB`,
  );
  return { id, recipients };
}

/** What each recipient does with the plan; fixed, so that the numbers can be checked. */
export type Conduct = 'refuses' | 'unopened' | 'accepts' | 'assigns' | 'finishes';

export function conductOf(index: number, party: Party): Conduct {
  if (index === 5) return 'refuses';
  if (party.tier === Tier.COMMUNE && index % 20 === 7) return 'unopened';
  if (index % 6 === 0) return 'finishes';
  return index % 2 === 0 ? 'assigns' : 'accepts';
}

/** All recipients at once, each with its own client, find the plan, read the file and report statuses. */
export async function receivePlan(stage: Stage, plan: Plan): Promise<void> {
  await Promise.all(
    plan.recipients.map(async (party, index) => {
      const conduct = conductOf(index, party);
      if (conduct === 'unopened') return;
      const deliveryId = await receive(stage, party.id, plan.id);
      const report = (status: DeliveryStatus, more?: { reason?: string; assignee?: string }) =>
        reportStatus(stage, party.id, deliveryId, status, more);
      await report(DeliveryStatus.ARRIVED);
      if (conduct === 'refuses') return report(DeliveryStatus.REFUSED, { reason: 'Gửi nhầm nơi nhận' });
      await readAttachment(stage, party.id, plan.id);
      await report(DeliveryStatus.ACCEPTED);
      if (conduct === 'accepts') return;
      await report(DeliveryStatus.ASSIGNED, { assignee: `Chuyên viên ${index}` });
      await report(DeliveryStatus.IN_PROGRESS);
      if (conduct === 'finishes') await report(DeliveryStatus.DONE);
    }),
  );
}

async function readAttachment(stage: Stage, agencyId: string, documentId: string): Promise<void> {
  const client = stage.of(agencyId);
  const { document } = await client.routing.getDocument({ documentId });
  for (const attachment of document?.attachments ?? []) {
    let bytes = 0;
    for await (const chunk of client.downloadAttachment(attachment.sha256)) bytes += chunk.length;
    if (BigInt(bytes) !== attachment.sizeBytes) throw new Error(`${attachment.name} has ${bytes} bytes`);
  }
}

/** Each district issues a plan of its own to its communes, which accept it. */
export async function passOn(stage: Stage, plan: Plan): Promise<number> {
  const districts = plan.recipients.filter((party) => party.tier === Tier.DISTRICT);
  await Promise.all(
    districts.map(async (district) => {
      const communes = plan.recipients.filter((party) => party.parentId === district.id);
      const id = await issue(stage, district.id, `Kế hoạch thực hiện của ${district.name}`, {
        notation: 'KH-UBND',
        type: 'KH',
        promulgatedOn: '2017-03-10',
        signer,
        respondsToId: plan.id,
        recipients: communes.map(toCode),
      });
      await Promise.all(
        communes.map(async (commune) => {
          const deliveryId = await receive(stage, commune.id, id);
          await reportStatus(stage, commune.id, deliveryId, DeliveryStatus.ARRIVED);
          await reportStatus(stage, commune.id, deliveryId, DeliveryStatus.ACCEPTED);
        }),
      );
    }),
  );
  return districts.length;
}

/** An invitation sent in error: 3 recipients have not opened it (recalled at once), 5 have (requested; one refuses). */
export async function recallInvitation(
  stage: Stage,
  province: Party,
  recipients: readonly Party[],
): Promise<void> {
  const { ledger } = stage;
  const id = await issue(stage, province.id, 'Giấy mời họp giao ban tháng 3', {
    notation: 'GM-UBND',
    type: 'GM',
    promulgatedOn: '2017-03-07',
    signer,
    recipients: recipients.map(toCode),
  });
  const opened = await Promise.all(
    recipients.slice(3).map(async (party) => {
      const deliveryId = await receive(stage, party.id, id);
      await reportStatus(stage, party.id, deliveryId, DeliveryStatus.ARRIVED);
      return { party, deliveryId };
    }),
  );
  const reason = 'Ghi sai ngày họp';
  const { recalled, requested } = await stage
    .of(province.id)
    .routing.recallDocument({ documentId: id, reason });
  if (recalled !== 3 || requested !== opened.length)
    throw new Error(`recalled ${recalled}, requested ${requested}`);
  noteTakenBack(ledger, id, DeliveryState.RECALLED);
  for (const { deliveryId } of opened) {
    noteDelivery(ledger, deliveryId, { status: DeliveryStatus.RECALL_REQUESTED });
  }
  await Promise.all(
    opened.map(({ party, deliveryId }, i) =>
      i === 0
        ? reportStatus(stage, party.id, deliveryId, DeliveryStatus.RECALL_REFUSED, {
            reason: 'Đã phổ biến đến cơ sở',
          })
        : reportStatus(stage, party.id, deliveryId, DeliveryStatus.RECALL_AGREED),
    ),
  );
}

/** A letter with a wrong figure is replaced by another one. */
export async function replaceLetter(
  stage: Stage,
  province: Party,
  recipients: readonly Party[],
): Promise<void> {
  const letter = {
    notation: 'UBND-TH',
    type: 'CV',
    promulgatedOn: '2017-03-08',
    signer,
    recipients: recipients.map(toCode),
  };
  const wrong = await issue(stage, province.id, 'V/v số liệu một cửa quý I', letter);
  const opened = await Promise.all(
    recipients.slice(2).map(async (party) => {
      const deliveryId = await receive(stage, party.id, wrong);
      await reportStatus(stage, party.id, deliveryId, DeliveryStatus.ARRIVED);
      await reportStatus(stage, party.id, deliveryId, DeliveryStatus.ACCEPTED);
      return { party, deliveryId };
    }),
  );
  await issue(stage, province.id, 'V/v số liệu một cửa quý I (thay thế)', {
    ...letter,
    businessKind: BusinessKind.REPLACE,
    refersToId: wrong,
    businessReason: 'Sai số liệu tại mục 2',
  });
  noteTakenBack(stage.ledger, wrong, DeliveryState.REPLACED);
  for (const { deliveryId } of opened) {
    noteDelivery(stage.ledger, deliveryId, { status: DeliveryStatus.RECALL_REQUESTED });
  }
  await Promise.all(
    opened.map(({ party, deliveryId }) =>
      reportStatus(stage, party.id, deliveryId, DeliveryStatus.RECALL_AGREED),
    ),
  );
}

/** A delivery that had not arrived is taken back at once. */
function noteTakenBack(ledger: Ledger, documentId: string, state: DeliveryState): void {
  for (const { id, status } of deliveriesOf(ledger, documentId)) {
    if (status === DeliveryStatus.UNSPECIFIED) noteDelivery(ledger, id, { state });
  }
}
