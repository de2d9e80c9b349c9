import { type CitizenDefaults, topic } from './shape.ts';
import { DUE, letter, SHORT_DUE } from './vi-phrases.ts';

const DOSSIER = 'hồ sơ {dossierCode} ({procedureName})';
const STATUS =
  '{status, select, 1 {mới đăng ký} 2 {được tiếp nhận} 3 {không được tiếp nhận} 4 {đang xử lý} 5 {yêu cầu bổ sung giấy tờ} 6 {yêu cầu thực hiện nghĩa vụ tài chính} 7 {đã rút theo yêu cầu} 8 {dừng xử lý} 9 {đã xử lý xong} 10 {đã trả kết quả} other {có thay đổi}}';
const REASON_BY_STATUS =
  '{hasReason, select, true {{status, select, 5 {Nội dung cần bổ sung: {reason}} 6 {Nội dung: {reason}} other {Lý do: {reason}}}} other {}}';
const REASON = '{hasReason, select, true {Lý do: {reason}} other {}}';
const AMOUNT = '{amountVnd, plural, =0 {} other {, số tiền # đồng}}';
const COLLECT =
  '{returnWay, select, 2 {Kết quả được gửi đến Ông/Bà qua dịch vụ bưu chính.} 3 {Mời Ông/Bà nhận kết quả bản điện tử theo giấy tiếp nhận hồ sơ và hẹn trả kết quả.} other {Mời Ông/Bà đến nhận kết quả tại nơi ghi trên giấy tiếp nhận hồ sơ và hẹn trả kết quả.}}';
const NEXT_STEP = `{status, select, 3 {Khi đã khắc phục lý do trên, kính mời Ông/Bà nộp lại hồ sơ. Phiếu từ chối tiếp nhận được trả tại nơi Ông/Bà nộp hồ sơ.} 5 {Kính đề nghị Ông/Bà bổ sung giấy tờ tại nơi nộp hồ sơ hoặc trực tuyến. Khi hồ sơ được bổ sung đủ, thời hạn giải quyết được tính lại từ đầu.} 6 {Kính đề nghị Ông/Bà thực hiện nghĩa vụ tài chính${AMOUNT}, tại nơi nộp hồ sơ{hasLink, select, true { hoặc trực tuyến, với mã tra cứu ghi trên giấy tiếp nhận hồ sơ, tại {link}} other {}}. Sau đó hồ sơ được tiếp tục xử lý.} 7 {Việc giải quyết hồ sơ đã kết thúc. Khi có nhu cầu, kính mời Ông/Bà nộp hồ sơ mới.} 8 {Thời hạn giải quyết được tạm dừng tính. Khi hồ sơ được tiếp tục xử lý, Ông/Bà được thông báo thời gian hẹn trả kết quả mới.} 9 {${COLLECT}} other {}}`;
const RECOMPUTED_LATER =
  '{dueProvisional, select, 1 { Thời gian này được tính lại khi có quyết định về lịch nghỉ lễ, tết.} other {}}';
const promise = (label: string, due: string) => `${label}: ${due}.${RECOMPUTED_LATER}`;
const promised = (label: string, due: string) => `{hasDueAt, select, true {${promise(label, due)}} other {}}`;
const promisedByStatus = (due: string) =>
  `{hasDueAt, select, true {{status, select, 2 {${promise(PROMISE, due)}} 4 {${promise(PROMISE, due)}} other {}}} other {}}`;
const PROMISE = 'Thời gian hẹn trả kết quả';
const NEW_PROMISE = 'Thời gian hẹn trả kết quả mới';
const BEFORE =
  '{hasPreviousDueAt, select, true {Thời gian đã hẹn: {previousDueAt, time, long}, {previousDueAt, date, full}.} other {}}';

/** The agencies and officers, and when it was handed in and happened. */
const WHO = [
  '{hasIntakeName, select, true {Nơi tiếp nhận: {intakeName}{hasReceiverName, select, true {; người tiếp nhận: {receiverName}} other {}}{hasLodgedAt, select, true {; thời gian nộp: {lodgedAt, time, long}, {lodgedAt, date, full}} other {}}.} other {}}',
  '{hasAgencyName, select, true {Cơ quan giải quyết: {agencyName}{hasSolverName, select, true {; người giải quyết: {solverName}} other {}}.} other {}}',
  '{hasAt, select, true {Cập nhật lúc {at, time, long}, {at, date, full}.} other {}}',
].join('\n');
const SEE =
  '{hasLink, select, true {Kính mời Ông/Bà xem tình trạng hồ sơ, với mã tra cứu ghi trên giấy tiếp nhận hồ sơ, tại:\n{link}} other {}}';
const SHORT_SEE = '{hasLink, select, true {Xem tại {link}} other {}}';

const APOLOGY = `{agencyName} xin lỗi Ông/Bà vì chưa trả được kết quả ${DOSSIER} đúng hẹn.`;
const RECOMPUTED = `Thời hạn trả kết quả ${DOSSIER} được tính lại{hasBasis, select, true { theo {basis}} other {}}.`;
const REROUTED = `H${DOSSIER.slice(1)} được chuyển{hasFromName, select, true { từ {fromName}} other {}} sang {toName} do sắp xếp lại cơ quan{hasEffectiveOn, select, true {, từ {effectiveOn, date, full}} other {}}. Ông/Bà không phải nộp lại hồ sơ.`;

export const citizens: CitizenDefaults = {
  'dossier-status': topic(
    `Hồ sơ {dossierCode}: ${STATUS}`,
    `Trạng thái ${DOSSIER}: ${STATUS}. ${promisedByStatus(DUE)} ${NEXT_STEP}`,
    letter(`Trạng thái ${DOSSIER}: ${STATUS}.`, REASON_BY_STATUS, promisedByStatus(DUE), NEXT_STEP, WHO, SEE),
    `Hồ sơ {dossierCode}: ${STATUS}. ${promisedByStatus(SHORT_DUE)} {status, select, 9 {${COLLECT}} other {}} ${SHORT_SEE} ${REASON_BY_STATUS}`,
  ),
  'dossier-extended': topic(
    'Hồ sơ {dossierCode}: xin lỗi và hẹn lại ngày trả kết quả',
    `${APOLOGY} ${promised(NEW_PROMISE, DUE)}`,
    letter(
      APOLOGY,
      REASON,
      `${BEFORE}\n${promised(NEW_PROMISE, DUE)}`,
      'Mong Ông/Bà thông cảm vì sự chậm trễ này.',
      WHO,
      SEE,
    ),
    `{agencyName} xin lỗi vì chưa trả được kết quả hồ sơ {dossierCode} đúng hẹn. ${promised(NEW_PROMISE, SHORT_DUE)} ${SHORT_SEE} ${REASON}`,
  ),
  'dossier-recomputed': topic(
    'Hồ sơ {dossierCode}: thời hạn trả kết quả được tính lại',
    `${RECOMPUTED} ${promised(PROMISE, DUE)}`,
    letter(RECOMPUTED, `${BEFORE}\n${promised(PROMISE, DUE)}`, WHO, SEE),
    `Hồ sơ {dossierCode}: thời hạn được tính lại. ${promised(PROMISE, SHORT_DUE)} ${SHORT_SEE}`,
  ),
  'dossier-rerouted': topic(
    'Hồ sơ {dossierCode} được chuyển sang {toName}',
    `${REROUTED} ${promised(PROMISE, DUE)}`,
    letter(REROUTED, promised(PROMISE, DUE), WHO, SEE),
    `Hồ sơ {dossierCode} được chuyển sang {toName}, không phải nộp lại. ${promised(PROMISE, SHORT_DUE)} ${SHORT_SEE}`,
  ),
};
