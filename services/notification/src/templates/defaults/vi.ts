import { type Defaults, topic } from './shape.ts';
import { citizens } from './vi-citizens.ts';
import { DUE, letter, SHORT_DUE } from './vi-phrases.ts';

const WORK = '{hasTaskName, select, true {Công việc “{taskName}” của hồ sơ} other {Hồ sơ}} {dossierCode}';
const NAMED_WORK = `${WORK} ({procedureName})`;
const withDue = (due: string) => `{hasDueAt, select, true { (hạn xử lý: ${due})} other {}}`;
const WITH_DUE = withDue(DUE);
const WITH_SHORT_DUE = withDue(SHORT_DUE);
const ACT = 'Kính đề nghị Ông/Bà đăng nhập hệ thống để xử lý.';
const DOCUMENT = 'văn bản {documentNumber} của {issuerName} về việc “{subject}”';
const REASON = '{hasReason, select, true {Lý do: {reason}} other {}}';
const DIRECTIVE =
  '{hasTask, select, true {Nhiệm vụ “{task}”} other {Nhiệm vụ được giao}} tại văn bản {documentNumber} của {issuerName}';
const UNANSWERED =
  'Đã hết thời hạn lấy ý kiến về hồ sơ {dossierCode} ({procedureName}) mà cơ quan được lấy ý kiến chưa trả lời.';
const SURPLUS = 'Đã nhận khoản nộp cho hồ sơ {dossierCode} ({procedureName}) khi hồ sơ không chờ nộp.';
const SUSPENDED = 'Việc gửi sự kiện đến webhook {webhookId} của {agencyName} đã tạm dừng.';
const SETTINGS_ENDED =
  'Thiết lập thông báo của {agencyName}{hasOrigin, select, true { và hệ thống nhận {origin}} other {}} đã kết thúc cùng cơ quan từ ngày {endedOn, date, short}.';
const UNREACHABLE =
  '{hasDossierCode, select, true {Thư gửi công dân theo dõi hồ sơ {dossierCode} đến địa chỉ {address} không đến được. Kính đề nghị Ông/Bà liên hệ để công dân đăng ký lại địa chỉ.} other {Thư gửi đến địa chỉ {address} của Ông/Bà không đến được, nên hệ thống không gửi thư đến địa chỉ này nữa. Kính đề nghị Ông/Bà cập nhật địa chỉ.}}';
const NEWS = '{count, plural, other {# thông báo mới}}';

export const vi: Defaults = {
  'task-assigned': topic(
    'Giao xử lý hồ sơ {dossierCode}',
    `${NAMED_WORK} được giao cho Ông/Bà xử lý${WITH_DUE}.`,
    letter(`${NAMED_WORK} của {agencyName} được giao cho Ông/Bà xử lý${WITH_DUE}.`, ACT),
    `${WORK} được giao cho Ông/Bà${WITH_SHORT_DUE}.`,
  ),
  'task-released': topic(
    'Hồ sơ {dossierCode} chờ phân công người xử lý',
    `${NAMED_WORK} chưa có người xử lý, vì cán bộ được giao không còn công tác tại {agencyName}${WITH_DUE}. Kính đề nghị Ông/Bà phân công.`,
    letter(
      `${NAMED_WORK} chưa có người xử lý, vì cán bộ được giao không còn công tác tại {agencyName}${WITH_DUE}.`,
      'Kính đề nghị Ông/Bà phân công người xử lý.',
    ),
    `${WORK} chưa có người xử lý${WITH_SHORT_DUE}. Kính đề nghị Ông/Bà phân công.`,
  ),
  'supplement-handed-in': topic(
    'Hồ sơ {dossierCode} có tệp bổ sung',
    'Công dân đã gửi tệp bổ sung cho hồ sơ {dossierCode} ({procedureName}). Kính đề nghị Ông/Bà xem xét.',
    letter(
      'Công dân đã gửi tệp bổ sung cho hồ sơ {dossierCode} ({procedureName}) do {agencyName} giải quyết.',
      'Kính đề nghị Ông/Bà đăng nhập hệ thống để xem xét.',
    ),
    'Hồ sơ {dossierCode} có tệp bổ sung. Kính đề nghị Ông/Bà xem xét.',
  ),
  'deadline-near': topic(
    'Hồ sơ {dossierCode} sắp đến hạn',
    `${NAMED_WORK} sắp đến hạn${WITH_DUE}.`,
    letter(`${NAMED_WORK} của {agencyName} sắp đến hạn${WITH_DUE}.`, ACT),
    `${WORK} sắp đến hạn${WITH_SHORT_DUE}.`,
  ),
  overdue: topic(
    'Hồ sơ {dossierCode} đã quá hạn',
    `${NAMED_WORK} đã quá hạn${WITH_DUE}.`,
    letter(`${NAMED_WORK} của {agencyName} đã quá hạn${WITH_DUE}.`, ACT),
    `${WORK} đã quá hạn${WITH_SHORT_DUE}.`,
  ),
  escalation: topic(
    'Hồ sơ {dossierCode} quá hạn, cần chỉ đạo giải quyết',
    `${NAMED_WORK} của {agencyName} đã quá hạn${WITH_DUE} mà chưa được giải quyết. Kính đề nghị Ông/Bà chỉ đạo giải quyết.`,
    letter(
      `${NAMED_WORK} của {agencyName} đã quá hạn${WITH_DUE} mà chưa được giải quyết.`,
      'Kính đề nghị Ông/Bà chỉ đạo giải quyết.',
    ),
    `${WORK} đã quá hạn${WITH_SHORT_DUE}. Kính đề nghị Ông/Bà chỉ đạo giải quyết.`,
  ),
  'consultation-unanswered': topic(
    'Chưa có ý kiến trả lời về hồ sơ {dossierCode}',
    UNANSWERED,
    letter(UNANSWERED, 'Kính đề nghị Ông/Bà đôn đốc và xử lý theo quy định.'),
    'Hồ sơ {dossierCode}: hết hạn lấy ý kiến, cơ quan được lấy ý kiến chưa trả lời.',
  ),
  'surplus-payment': topic(
    'Hồ sơ {dossierCode} có khoản nộp cần hoàn trả',
    `${SURPLUS} Kính đề nghị Ông/Bà xử lý theo quy định.`,
    letter(SURPLUS, 'Kính đề nghị Ông/Bà đối soát và hoàn trả theo quy định.'),
    'Hồ sơ {dossierCode}: có khoản nộp khi hồ sơ không chờ nộp, cần hoàn trả.',
  ),
  'document-refused': topic(
    'Văn bản {documentNumber} bị từ chối tiếp nhận',
    `{agencyName} từ chối tiếp nhận ${DOCUMENT}. ${REASON}`,
    letter(`{agencyName} từ chối tiếp nhận ${DOCUMENT}.`, REASON, ACT),
    `{agencyName} từ chối tiếp nhận văn bản {documentNumber}. ${REASON}`,
  ),
  'document-received': topic(
    'Văn bản đến: {documentNumber}',
    `{agencyName} nhận được ${DOCUMENT}.`,
    letter(`{agencyName} nhận được ${DOCUMENT}.`, ACT),
    '{agencyName} nhận được văn bản {documentNumber} của {issuerName}.',
  ),
  'directive-due': topic(
    'Văn bản {documentNumber}: nhiệm vụ đến hạn ngày {dueOn, date, short}',
    `${DIRECTIVE} đến hạn vào {dueOn, date, full}.`,
    letter(
      `${DIRECTIVE} về việc “{subject}” đến hạn vào {dueOn, date, full}.`,
      'Kính đề nghị {agencyName} thực hiện và báo cáo kết quả đúng thời hạn.',
    ),
    'Nhiệm vụ tại văn bản {documentNumber} của {issuerName} đến hạn ngày {dueOn, date, short}.',
  ),
  ...citizens,
  'webhook-suspended': topic(
    'Tạm dừng gửi sự kiện đến webhook của {agencyName}',
    `${SUSPENDED} ${REASON}`,
    letter(SUSPENDED, REASON, 'Kính đề nghị Ông/Bà kiểm tra hệ thống nhận rồi kích hoạt lại webhook.'),
    SUSPENDED,
  ),
  'settings-ended': topic(
    'Thiết lập thông báo của {agencyName} đã kết thúc',
    `${SETTINGS_ENDED} Kính đề nghị Ông/Bà thiết lập lại tại cơ quan kế thừa nếu cần.`,
    letter(SETTINGS_ENDED, 'Kính đề nghị Ông/Bà thiết lập lại tại cơ quan kế thừa nếu cần.'),
    SETTINGS_ENDED,
  ),
  'contact-unreachable': topic(
    'Địa chỉ thư điện tử không nhận được thư',
    UNREACHABLE,
    letter(UNREACHABLE),
    UNREACHABLE,
  ),
  digest: topic(
    NEWS,
    `Ông/Bà có ${NEWS}:\n{lines}`,
    letter(`Ông/Bà có ${NEWS}:\n{lines}`, 'Kính đề nghị Ông/Bà đăng nhập hệ thống để xem chi tiết.'),
    `Ông/Bà có ${NEWS}:\n{lines}`,
  ),
};
