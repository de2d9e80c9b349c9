import { DossierStatus, type TrackedEvent } from '@lienthong/contracts/casework';
import type { PastEvent } from './past.ts';
import { type Due, dueVi } from './words.ts';

/**
 * A dossier's history for the public: its milestones, and which agency had it when. Of an event only its type, its time,
 * its agency and the dossier's deadline are public: no officer, note, amount, step or reason.
 */
export function milestones(
  events: readonly PastEvent[],
  nameAt: (agencyId: string, at: Date) => string,
): TrackedEvent[] {
  const found: TrackedEvent[] = [];
  let holderId = events[0]?.payload.dossier?.intakeAgencyId ?? '';
  for (const [i, { type, payload, at: ms }] of events.entries()) {
    const { dossier } = payload;
    if (dossier === undefined) continue;
    const at = new Date(ms);
    // All events of a decision carry the dossier as the decision left it; a lodged dossier was registered first.
    const status = type === 'lienthong.casework.v1.DossierLodged' ? DossierStatus.REGISTERED : dossier.status;
    const add = (agencyId: string, text: string) =>
      found.push({ at, status, agencyName: nameAt(agencyId, at), text });
    const text = TEXTS[type]?.(dossier, payload);
    if (text !== undefined) add(holderId, text);
    // The event that moves the dossier on belongs to its holder before.
    if (events[i + 1]?.at === ms || dossier.holderId === holderId) continue;
    holderId = dossier.holderId;
    add(holderId, `Hồ sơ được chuyển đến ${nameAt(holderId, at)}.`);
  }
  return found;
}

type TextOf = (
  dossier: NonNullable<PastEvent['payload']['dossier']>,
  payload: PastEvent['payload'],
) => string | undefined;

const due = (dossier: Due): string =>
  dossier.dueAt === undefined ? '' : ` Dự kiến trả kết quả: ${dueVi(dossier)}.`;

const TEXTS: Partial<Record<PastEvent['type'], TextOf>> = {
  'lienthong.casework.v1.DossierLodged': () => 'Hồ sơ đã được nộp.',
  'lienthong.casework.v1.DossierImported': () => 'Hồ sơ được chuyển từ hệ thống khác sang.',
  'lienthong.casework.v1.DossierAccepted': (dossier) => `Hồ sơ đã được tiếp nhận.${due(dossier)}`,
  'lienthong.casework.v1.DossierRefused': () => 'Hồ sơ không được tiếp nhận giải quyết.',
  'lienthong.casework.v1.SupplementRequested': () => 'Đề nghị bổ sung, hoàn thiện hồ sơ.',
  'lienthong.casework.v1.SupplementFileHandedIn': () => 'Đã nhận tệp bổ sung.',
  'lienthong.casework.v1.SupplementReceived': (dossier) => `Đã nhận hồ sơ bổ sung.${due(dossier)}`,
  'lienthong.casework.v1.PaymentRequested': () => 'Đề nghị thực hiện nghĩa vụ tài chính.',
  'lienthong.casework.v1.PaymentReceived': (dossier) => `Đã thực hiện nghĩa vụ tài chính.${due(dossier)}`,
  'lienthong.casework.v1.SurplusPaymentReceived': () =>
    'Đã nhận khoản nộp khi hồ sơ không còn chờ nộp; cơ quan giải quyết sẽ xem xét hoàn trả.',
  'lienthong.casework.v1.DossierWithdrawn': (_, payload) =>
    'notAwaited' in payload && payload.notAwaited
      ? 'Hồ sơ đã được rút, vì hồ sơ liên thông không còn chờ kết quả này.'
      : 'Hồ sơ đã được rút theo yêu cầu.',
  'lienthong.casework.v1.DossierStopped': () => 'Hồ sơ tạm dừng xử lý.',
  'lienthong.casework.v1.DossierResumed': (dossier) => `Hồ sơ được tiếp tục xử lý.${due(dossier)}`,
  'lienthong.casework.v1.DeadlineExtended': (dossier) =>
    `Xin lỗi và hẹn lại ngày trả kết quả.${due(dossier)}`,
  'lienthong.casework.v1.DeadlinesRecomputed': (dossier, payload) =>
    'changes' in payload && payload.changes.some(({ taskNumber }) => taskNumber === 0)
      ? `Thời hạn giải quyết được tính lại.${due(dossier)}`
      : undefined,
  'lienthong.casework.v1.DossierFinished': () => 'Hồ sơ đã có kết quả.',
  'lienthong.casework.v1.ResultReturned': () => 'Kết quả đã được trả.',
};
