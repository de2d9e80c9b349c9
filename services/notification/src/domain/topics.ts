import { MessageChannel, Topic } from '@lienthong/contracts/notification';

/** The values that a template fills in, by name. Times are ISO instants, dates YYYY-MM-DD. */
export type Values = Readonly<Record<string, string | number>>;

/** The first part of a template's key. `digest` collects others: how many, and one line for each. */
export const TOPIC_KEYS = {
  [Topic.TASK_ASSIGNED]: 'task-assigned',
  [Topic.TASK_RELEASED]: 'task-released',
  [Topic.SUPPLEMENT_HANDED_IN]: 'supplement-handed-in',
  [Topic.DEADLINE_NEAR]: 'deadline-near',
  [Topic.OVERDUE]: 'overdue',
  [Topic.ESCALATION]: 'escalation',
  [Topic.CONSULTATION_UNANSWERED]: 'consultation-unanswered',
  [Topic.DOCUMENT_REFUSED]: 'document-refused',
  [Topic.DOCUMENT_RECEIVED]: 'document-received',
  [Topic.DIRECTIVE_DUE]: 'directive-due',
  [Topic.DOSSIER_STATUS]: 'dossier-status',
  [Topic.WEBHOOK_SUSPENDED]: 'webhook-suspended',
  [Topic.DOSSIER_EXTENDED]: 'dossier-extended',
  [Topic.DOSSIER_RECOMPUTED]: 'dossier-recomputed',
  [Topic.DOSSIER_REROUTED]: 'dossier-rerouted',
  [Topic.CONTACT_UNREACHABLE]: 'contact-unreachable',
  [Topic.SURPLUS_PAYMENT]: 'surplus-payment',
  [Topic.SETTINGS_ENDED]: 'settings-ended',
} as const;
export const DIGEST_KEY = 'digest';
/** The topic of a digest in its row. */
export const DIGEST_TOPIC = 0;
export type TopicKey = (typeof TOPIC_KEYS)[keyof typeof TOPIC_KEYS] | typeof DIGEST_KEY;

export const CHANNEL_KEYS = {
  [MessageChannel.IN_APP]: 'in-app',
  [MessageChannel.EMAIL]: 'email',
  [MessageChannel.SMS]: 'sms',
  [MessageChannel.WEBHOOK]: 'webhook',
} as const;

export type KnownTopic = keyof typeof TOPIC_KEYS;
/** The topics of citizens. */
export type CitizenTopic =
  | typeof Topic.DOSSIER_STATUS
  | typeof Topic.DOSSIER_EXTENDED
  | typeof Topic.DOSSIER_RECOMPUTED
  | typeof Topic.DOSSIER_REROUTED;
export type KnownChannel = keyof typeof CHANNEL_KEYS;

const task = {
  dossierCode: 'H61.29542-260115-0007',
  procedureName: 'Đăng ký biến động quyền sử dụng đất',
  /** Empty when it is the dossier's own deadline. */
  taskName: 'Thẩm định hồ sơ',
  agencyName: 'Ủy ban nhân dân xã Tân Hòa',
  /** ISO instant; empty when there is none. */
  dueAt: '2026-01-20T10:00:00.000Z',
  /** 1: the deadline may move, the holidays of its year are not decided yet; else 0. */
  dueProvisional: 0,
};
const document = {
  documentNumber: '12/KH-UBND',
  subject: 'Kế hoạch thực hiện Chương trình cải cách hành chính năm 2026',
  issuerName: 'Ủy ban nhân dân tỉnh Vĩnh Long',
};

const citizen = {
  dossierCode: 'H61.29542-260115-0007',
  procedureName: 'Đăng ký khai sinh',
  /** The national status, 1 to 10. */
  status: 4,
  /** The agency that has the dossier, and its officer. */
  agencyName: 'Ủy ban nhân dân xã Tân Hòa',
  solverName: 'Phạm Văn Cường',
  /** The agency that took the dossier in, and its officer. */
  intakeName: 'Ủy ban nhân dân Phường 9',
  receiverName: 'Trần Thị Bình',
  lodgedAt: '2026-01-15T02:30:00.000Z',
  dueAt: '2026-01-20T10:00:00.000Z',
  dueProvisional: 0,
  /** When it happened. */
  at: '2026-01-16T03:15:00.000Z',
  /** Where the citizen sees the dossier. */
  link: 'https://dichvucong.example.vn/tra-cuu?ma=H61.29542-260115-0007',
};

/** The values each topic's templates get, with an example for previews. */
export const EXAMPLES: Readonly<Record<TopicKey, Values>> = {
  'task-assigned': task,
  'task-released': task,
  'supplement-handed-in': { ...task, taskName: '' },
  'deadline-near': task,
  overdue: task,
  escalation: task,
  'consultation-unanswered': task,
  'surplus-payment': task,
  'document-refused': {
    ...document,
    agencyName: 'Ủy ban nhân dân xã Tân Hòa',
    reason: 'Văn bản gửi không đúng thẩm quyền',
  },
  'document-received': { ...document, agencyName: 'Ủy ban nhân dân xã Tân Hòa' },
  'directive-due': {
    ...document,
    agencyName: 'Ủy ban nhân dân xã Tân Hòa',
    /** YYYY-MM-DD. */
    dueOn: '2026-01-20',
    /** The task; empty: the directive as a whole. */
    task: 'Báo cáo kết quả rà soát thủ tục hành chính',
  },
  'dossier-status': {
    ...citizen,
    /** Why it was refused, stopped or withdrawn, what is missing, or what the payment is for; may have lines. */
    reason: 'Thiếu bản vẽ mặt bằng\nThiếu giấy tờ về quyền sử dụng đất',
    /** Of a payment; 0: none. */
    amountVnd: 1250000,
    /** Of a finished dossier: 2 by post, 3 electronically, else at the counter. */
    returnWay: 1,
  },
  'dossier-extended': {
    ...citizen,
    reason: 'Cơ quan phối hợp chưa có ý kiến',
    previousDueAt: '2026-01-16T10:00:00.000Z',
  },
  'dossier-recomputed': {
    ...citizen,
    /** The decision or the reorganisation. */
    basis: 'Thông báo số 12/TB-VPCP về lịch nghỉ lễ, tết năm 2026',
    /** Empty when the deadline stays and is not provisional any more. */
    previousDueAt: '2026-01-16T10:00:00.000Z',
  },
  'dossier-rerouted': {
    ...citizen,
    fromName: 'Ủy ban nhân dân huyện Long Hồ',
    toName: 'Ủy ban nhân dân xã Tân Hòa',
    /** YYYY-MM-DD. */
    effectiveOn: '2026-01-15',
  },
  'webhook-suspended': {
    agencyName: 'Ủy ban nhân dân xã Tân Hòa',
    webhookId: '01900000-0000-7000-8000-000000000001',
    reason: 'Máy chủ nhận không trả lời trong 3 ngày',
  },
  'settings-ended': {
    /** The agency that has ended. */
    agencyName: 'Ủy ban nhân dân Phường 9',
    endedOn: '2025-07-01',
    /** Of its receiver; empty when it had none. */
    origin: 'https://mot-cua.example.vn',
  },
  'contact-unreachable': {
    /** Masked. */
    address: 'n•••@example.vn',
    /** Of a citizen who follows a dossier; empty: the officer's own address. */
    dossierCode: 'H61.29542-260115-0007',
  },
  digest: {
    count: 3,
    /** One line for each message: its title. */
    lines: '- Được giao việc\n- Hồ sơ sắp đến hạn\n- Hồ sơ quá hạn',
  },
};
