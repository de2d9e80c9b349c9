import { MessageChannel, Topic } from '@lienthong/contracts/notification';

/** The values that a template fills in, by name. Times are ISO instants, dates YYYY-MM-DD. */
export type Values = Readonly<Record<string, string | number>>;

/** The first part of a template's key. `digest` collects others: how many, and one line for each. */
export const TOPIC_KEYS = {
  [Topic.TASK_ASSIGNED]: 'task-assigned',
  [Topic.TASK_RELEASED]: 'task-released',
  [Topic.DEADLINE_NEAR]: 'deadline-near',
  [Topic.OVERDUE]: 'overdue',
  [Topic.ESCALATION]: 'escalation',
  [Topic.CONSULTATION_UNANSWERED]: 'consultation-unanswered',
  [Topic.DOCUMENT_REFUSED]: 'document-refused',
  [Topic.DOCUMENT_RECEIVED]: 'document-received',
  [Topic.DIRECTIVE_DUE]: 'directive-due',
  [Topic.DOSSIER_STATUS]: 'dossier-status',
  [Topic.WEBHOOK_SUSPENDED]: 'webhook-suspended',
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

/** The values each topic's templates get, with an example for previews. */
export const EXAMPLES: Readonly<Record<TopicKey, Values>> = {
  'task-assigned': task,
  'task-released': task,
  'deadline-near': task,
  overdue: task,
  escalation: task,
  'consultation-unanswered': task,
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
    dossierCode: 'H61.29542-260115-0007',
    procedureName: 'Đăng ký khai sinh',
    /** The national status, 1 to 10. */
    status: 4,
    agencyName: 'Ủy ban nhân dân xã Tân Hòa',
    dueAt: '2026-01-20T10:00:00.000Z',
    dueProvisional: 0,
  },
  'webhook-suspended': {
    agencyName: 'Ủy ban nhân dân xã Tân Hòa',
    webhookId: '01900000-0000-7000-8000-000000000001',
    reason: 'Máy chủ nhận không trả lời trong 3 ngày',
  },
  digest: {
    count: 3,
    /** One line for each message: its title. */
    lines: '- Được giao việc\n- Hồ sơ sắp đến hạn\n- Hồ sơ quá hạn',
  },
};
