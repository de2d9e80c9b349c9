import { DossierStatus, type TrackedEvent } from '@lienthong/contracts/casework';
import type { PastEvent } from './past.ts';
import { momentVi } from './words.ts';

/**
 * A dossier's story for the public: what became of it, and which agency had it when. No officer, no note, no amount, no
 * step and nobody's reason: nothing of an event is shown but its kind, its time, its agency and the dossier's deadline.
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
    // Events of one decision all name the dossier as it left it; what is handed in was registered first.
    const status = type === 'lienthong.casework.v1.DossierLodged' ? DossierStatus.REGISTERED : dossier.status;
    const tell = (agencyId: string, text: string) =>
      found.push({ at, status, agencyName: nameAt(agencyId, at), text });
    const said = SAID[type]?.(dossier, payload);
    if (said !== undefined) tell(holderId, said);
    // What moved it on was still done by who had it.
    if (events[i + 1]?.at === ms || dossier.holderId === holderId) continue;
    holderId = dossier.holderId;
    tell(holderId, `Hồ sơ được chuyển đến ${nameAt(holderId, at)}.`);
  }
  return found;
}

type Said = (dossier: NonNullable<PastEvent['payload']['dossier']>, payload: PastEvent['payload']) => string;

const due = (dueAt: Date | undefined): string =>
  dueAt === undefined ? '' : ` Dự kiến trả kết quả: ${momentVi(dueAt)}.`;

const SAID: Partial<Record<PastEvent['type'], Said>> = {
  'lienthong.casework.v1.DossierLodged': () => 'Hồ sơ đã được nộp.',
  'lienthong.casework.v1.DossierAccepted': ({ dueAt }) => `Hồ sơ đã được tiếp nhận.${due(dueAt)}`,
  'lienthong.casework.v1.DossierRefused': () => 'Hồ sơ không được tiếp nhận giải quyết.',
  'lienthong.casework.v1.SupplementRequested': () => 'Đề nghị bổ sung, hoàn thiện hồ sơ.',
  'lienthong.casework.v1.SupplementReceived': ({ dueAt }) => `Đã nhận hồ sơ bổ sung.${due(dueAt)}`,
  'lienthong.casework.v1.PaymentRequested': () => 'Đề nghị thực hiện nghĩa vụ tài chính.',
  'lienthong.casework.v1.PaymentReceived': ({ dueAt }) => `Đã thực hiện nghĩa vụ tài chính.${due(dueAt)}`,
  'lienthong.casework.v1.DossierWithdrawn': (_, payload) =>
    'notAwaited' in payload && payload.notAwaited
      ? 'Hồ sơ đã được rút, vì hồ sơ liên thông không còn chờ kết quả này.'
      : 'Hồ sơ đã được rút theo yêu cầu.',
  'lienthong.casework.v1.DossierStopped': () => 'Hồ sơ tạm dừng xử lý.',
  'lienthong.casework.v1.DossierResumed': ({ dueAt }) => `Hồ sơ được tiếp tục xử lý.${due(dueAt)}`,
  'lienthong.casework.v1.DeadlineExtended': ({ dueAt }) =>
    `Xin lỗi và hẹn lại ngày trả kết quả.${due(dueAt)}`,
  'lienthong.casework.v1.DossierFinished': () => 'Hồ sơ đã có kết quả.',
  'lienthong.casework.v1.ResultReturned': () => 'Kết quả đã được trả.',
};
