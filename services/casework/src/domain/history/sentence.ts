import {
  AssignmentKind,
  type DeadlineChange,
  type Extension,
  type Party,
  RecomputeCause,
  type Task,
  TaskKind,
  TaskState,
} from '@lienthong/contracts/casework';
import { Channel } from '@lienthong/contracts/registry';
import { unreachable } from '@lienthong/kit';
import { capital, properName } from '@lienthong/reference-data';
import type { PastEvent } from './past.ts';
import { amountVi, type Due, dueVi, through } from './words.ts';

/** The name of an officer, or of an agency at the event's date; '' for none, and for one that the directory does not know. */
type NameOf = (officerId: string) => string;

/** An event as a Vietnamese sentence for the staff. */
export function sentenceOf(event: PastEvent, officer: NameOf, agency: NameOf): string {
  switch (event.type) {
    case 'lienthong.casework.v1.DossierLodged':
      return lodgedSentence(event.payload, agency);
    case 'lienthong.casework.v1.DossierImported':
      return `Hồ sơ được chuyển từ hệ thống ${event.payload.system} sang nền tảng, cùng quá trình xử lý trước đó${until(event.payload.dossier)}.`;
    case 'lienthong.casework.v1.DossierAccepted':
      return `Hồ sơ được tiếp nhận${until(event.payload.dossier, ', hẹn trả kết quả')}.`;
    case 'lienthong.casework.v1.DossierRefused':
      return 'Hồ sơ không được tiếp nhận giải quyết.';
    case 'lienthong.casework.v1.TaskOpened':
      return openedSentence(event.payload.task);
    case 'lienthong.casework.v1.TaskAssigned':
      return assignedSentence(event.payload, officer);
    case 'lienthong.casework.v1.TaskReleased':
      return `${capital(nameOf(event.payload.fromOfficerId, officer))} không còn công tác tại ${agencyName(event.payload.task?.agency) || 'cơ quan'}; chờ người khác nhận việc: ${workOf(event.payload.task)}${reportedTo(event.payload.officerId, officer)}.`;
    case 'lienthong.casework.v1.TaskClosed':
      return closedSentence(event.payload.task);
    case 'lienthong.casework.v1.ConsultationUnanswered':
      return `${agencyName(event.payload.task?.agency) || 'Cơ quan được xin ý kiến'} không trả lời ý kiến đúng hạn${reportedTo(event.payload.toldOfficerId, officer)}.`;
    case 'lienthong.casework.v1.SupplementRequested':
      return 'Yêu cầu bổ sung, hoàn thiện hồ sơ; tạm dừng tính thời hạn.';
    case 'lienthong.casework.v1.SupplementFileHandedIn':
      return 'Công dân gửi tệp bổ sung hồ sơ.';
    case 'lienthong.casework.v1.SupplementReceived':
      return `Hồ sơ được bổ sung đủ; thời hạn tính lại từ đầu${until(event.payload.dossier)}.`;
    case 'lienthong.casework.v1.PaymentRequested':
      return `Yêu cầu thực hiện nghĩa vụ tài chính ${amountVi(event.payload.amountVnd)}; tạm dừng tính thời hạn.`;
    case 'lienthong.casework.v1.PaymentReceived':
      return `Đã nộp ${amountVi(event.payload.amountVnd)}${through(event.payload.provider)}; tiếp tục tính thời hạn${until(event.payload.dossier)}.`;
    case 'lienthong.casework.v1.SurplusPaymentReceived':
      return `Nhận ${amountVi(event.payload.amountVnd)}${through(event.payload.provider)} khi hồ sơ không chờ nộp; khoản này cần được hoàn trả${reportedTo(event.payload.officerId, officer)}.`;
    case 'lienthong.casework.v1.DossierWithdrawn':
      return event.payload.notAwaited
        ? 'Hồ sơ được rút, vì hồ sơ liên thông đã mở hồ sơ này không còn chờ kết quả.'
        : 'Công dân rút hồ sơ.';
    case 'lienthong.casework.v1.DossierStopped':
      return 'Dừng xử lý hồ sơ; tạm dừng tính thời hạn.';
    case 'lienthong.casework.v1.DossierResumed':
      return `Tiếp tục xử lý hồ sơ${until(event.payload.dossier)}.`;
    case 'lienthong.casework.v1.DeadlineExtended':
      return `Xin lỗi và hẹn lại ngày trả kết quả${until(extended(event.payload.extension), ': hạn mới')}.`;
    case 'lienthong.casework.v1.DossierFinished':
      return `Hồ sơ đã giải quyết xong, ${timeliness(event.payload)}.`;
    case 'lienthong.casework.v1.ResultReturned':
      return 'Đã trả kết quả cho công dân.';
    case 'lienthong.casework.v1.DeadlineNear':
      return `${subject(event.payload.task)} sắp đến hạn${until(reached(event.payload), ':')}.`;
    case 'lienthong.casework.v1.DeadlinePassed':
      return `${subject(event.payload.task)} đã quá hạn${until(reached(event.payload), ':')}.`;
    case 'lienthong.casework.v1.OverdueEscalated':
      return `${subject(event.payload.task)} quá hạn${until(reached(event.payload), ' từ')}${reportedTo(event.payload.officerId, officer)}.`;
    case 'lienthong.casework.v1.DeadlinesRecomputed':
      return recomputedSentence(event.payload);
    case 'lienthong.casework.v1.DossierRerouted':
      return reroutedSentence(event.payload);
    default:
      return unreachable(event);
  }
}

type LodgedPayload = Extract<PastEvent, { type: 'lienthong.casework.v1.DossierLodged' }>['payload'];

const LODGED: Readonly<Record<Channel, string>> = {
  [Channel.UNSPECIFIED]: '',
  [Channel.IN_PERSON]: ' trực tiếp tại bộ phận một cửa',
  [Channel.ONLINE]: ' trực tuyến',
  [Channel.POST]: ' qua dịch vụ bưu chính',
};

function lodgedSentence({ channel, parentDossierId, dossier }: LodgedPayload, agency: NameOf): string {
  const what =
    parentDossierId === '' ? `Hồ sơ được nộp${LODGED[channel]}` : 'Hồ sơ được mở theo thủ tục liên thông';
  const { intakeAgencyId = '', competentAgencyId = '' } = dossier ?? {};
  const competent = competentAgencyId === intakeAgencyId ? '' : agency(competentAgencyId);
  return competent === '' ? `${what}.` : `${what}; cơ quan có thẩm quyền giải quyết: ${competent}.`;
}

function openedSentence(task: Task | undefined): string {
  if (task === undefined) return 'Mở việc mới.';
  const where = agencyName(task.agency);
  const limit = until(task);
  switch (task.kind) {
    case TaskKind.INTAKE:
      return `Chờ ${where} xem xét tiếp nhận hồ sơ${limit}.`;
    case TaskKind.HAND_OVER:
      return `Chuyển hồ sơ qua ${where}: ${task.name}${limit}.`;
    case TaskKind.CONSULTATION:
      return `Xin ý kiến ${where}${limit}.`;
    case TaskKind.SUB_PROCEDURE:
      return `Chờ kết quả thủ tục liên thông: ${task.name}.`;
    default:
      return `Giao ${where}: ${task.name}${limit}.`;
  }
}

type AssignedPayload = Extract<PastEvent, { type: 'lienthong.casework.v1.TaskAssigned' }>['payload'];

function assignedSentence({ task, kind, fromOfficerId }: AssignedPayload, officer: NameOf): string {
  const who = nameOf(task?.assigneeId ?? '', officer);
  const what = workOf(task);
  switch (kind) {
    case AssignmentKind.CLAIMED:
      return `${capital(who)} nhận việc: ${what}.`;
    case AssignmentKind.HANDED_OVER:
      return `${capital(nameOf(fromOfficerId, officer))} bàn giao cho ${who}: ${what}.`;
    case AssignmentKind.RETURNED:
      return `Trả lại ${who}: ${what}.`;
    default:
      return `Phân công ${who}: ${what}.`;
  }
}

function closedSentence(task: Task | undefined): string {
  const what = workOf(task);
  const who = agencyName(task?.agency);
  const isConsultation = task?.kind === TaskKind.CONSULTATION;
  switch (task?.state) {
    case TaskState.RETURNED:
      return `Trả lại bước trước: ${what}.`;
    case TaskState.CANCELLED:
      return isConsultation ? `Không cần ý kiến của ${who} nữa.` : `Không còn phải thực hiện: ${what}.`;
    case TaskState.EXPIRED:
      return isConsultation ? `Hết hạn trả lời ý kiến của ${who}.` : `Hết hạn: ${what}.`;
    default:
      return isConsultation ? `${who} đã trả lời ý kiến.` : `Hoàn thành: ${what}.`;
  }
}

type RecomputedPayload = Extract<PastEvent, { type: 'lienthong.casework.v1.DeadlinesRecomputed' }>['payload'];

const CAUSES: Readonly<Record<RecomputeCause, string>> = {
  [RecomputeCause.UNSPECIFIED]: 'có thay đổi',
  [RecomputeCause.CALENDAR]: 'lịch làm việc thay đổi',
  [RecomputeCause.OFFICE_HOURS]: 'giờ làm việc thay đổi',
  [RecomputeCause.REORGANISATION]: 'sắp xếp lại cơ quan',
};

function recomputedSentence({ cause, reason, changes }: RecomputedPayload): string {
  const own = changes.find(({ taskNumber }) => taskNumber === 0);
  const why = reason === '' ? CAUSES[cause] : `${CAUSES[cause]}: ${reason}`;
  return `Tính lại thời hạn do ${why}${ownSentence(own)}.`;
}

function ownSentence(own: DeadlineChange | undefined): string {
  if (own === undefined) return '';
  const { from, to: dueAt, provisional: dueProvisional } = own;
  if (from?.getTime() !== dueAt?.getTime()) return until({ dueAt, dueProvisional }, '; hạn mới của hồ sơ');
  return until({ dueAt, dueProvisional }, dueProvisional ? '; hạn của hồ sơ' : '; hạn chính thức của hồ sơ');
}

type ReroutedPayload = Extract<PastEvent, { type: 'lienthong.casework.v1.DossierRerouted' }>['payload'];

function reroutedSentence({ from, to, taskNumbers, intakeMoved, competentMoved }: ReroutedPayload): string {
  const [before, after] = [agencyName(from), agencyName(to)];
  return competentMoved && !intakeMoved && taskNumbers.length === 0
    ? `Thẩm quyền giải quyết hồ sơ chuyển từ ${before} sang ${after} do sắp xếp lại cơ quan.`
    : `Hồ sơ chuyển từ ${before} sang ${after} do sắp xếp lại cơ quan.`;
}

function timeliness({ late, early, dossier }: { late: boolean; early: boolean; dossier?: { dueAt?: Date } }) {
  if (late) return 'quá hạn';
  if (dossier?.dueAt === undefined) return 'không có thời hạn';
  return early ? 'trước hạn' : 'đúng hạn';
}

/** '' without a deadline. */
const until = (due: Due | undefined, before = ', hạn'): string => {
  const text = dueVi(due);
  return text === '' ? '' : `${before} ${text}`;
};

const extended = (extension: Extension | undefined): Due => ({
  dueAt: extension?.to,
  dueProvisional: extension?.provisional,
});

/** The deadline that a timer's event is about: a task's, or the dossier's own. */
const reached = ({ dueAt, task, dossier }: { dueAt?: Date; task?: Due; dossier?: Due }): Due => ({
  dueAt,
  dueProvisional: (task ?? dossier)?.dueProvisional,
});

const workOf = (task: Task | undefined): string =>
  task?.kind === TaskKind.CONSULTATION ? agencyName(task.agency) : (task?.name ?? '');

const agencyName = (agency: Party | undefined): string => properName(agency?.name ?? '');

const subject = (task: Task | undefined): string =>
  task === undefined ? 'Hồ sơ' : `Việc “${task.name || workOf(task)}”`;

const reportedTo = (officerId: string, officer: NameOf): string =>
  officerId === '' ? '' : `; đã báo cáo ${nameOf(officerId, officer)}`;

const nameOf = (officerId: string, officer: NameOf): string => officer(officerId) || 'cán bộ phụ trách';
