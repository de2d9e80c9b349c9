import { AssignmentKind, DossierStatus } from '@lienthong/contracts/casework';
import { Topic } from '@lienthong/contracts/notification';
import type { ArrivedMail } from '@lienthong/test-mail-server';
import { LATE } from '../dossiers/decide.ts';
import type { Case } from '../dossiers/ledger.ts';
import { compareAll } from './compare.ts';
import { CASEWORK, type Recorded } from './concerned.ts';
import type { Citizen, Person } from './people.ts';

/** What the comparison reads of a mail. */
export interface Mail {
  messageId: string;
  to: readonly string[];
  subject: string;
  text: string;
}

export function mailFrom({ to, parsed }: ArrivedMail): Mail {
  const { messageId = '', subject = '', text = '' } = parsed;
  return { messageId, to, subject, text };
}

/** A notification that an officer must receive. */
export interface Due {
  officerId: string;
  topic: Topic;
  dossierCode: string;
}

const DUE: Record<string, (payload: Recorded['payload']) => [Topic, string | undefined]> = {
  TaskAssigned: ({ kind, task }) => [
    Topic.TASK_ASSIGNED,
    // An officer who claims a task knows it already.
    kind === AssignmentKind.CLAIMED ? '' : task?.assigneeId,
  ],
  TaskReleased: ({ officerId }) => [Topic.TASK_RELEASED, officerId],
  SupplementFileHandedIn: ({ officerId }) => [Topic.SUPPLEMENT_HANDED_IN, officerId],
  DeadlineNear: ({ officerId }) => [Topic.DEADLINE_NEAR, officerId],
  DeadlinePassed: ({ officerId }) => [Topic.OVERDUE, officerId],
  OverdueEscalated: ({ officerId }) => [Topic.ESCALATION, officerId],
  ConsultationUnanswered: ({ toldOfficerId }) => [Topic.CONSULTATION_UNANSWERED, toldOfficerId],
};

/** The notifications about one dossier that officers and heads must receive. */
export const dueToOfficers = (record: readonly Recorded[]): Due[] =>
  record.flatMap(({ type, payload }) => {
    const [topic, officerId = ''] = DUE[type.slice(CASEWORK.length)]?.(payload) ?? [];
    return topic && officerId !== '' ? [{ topic, officerId, dossierCode: payload.dossier?.code ?? '' }] : [];
  });

const CLOSED = new Set<number | undefined>([
  DossierStatus.REFUSED,
  DossierStatus.WITHDRAWN,
  DossierStatus.FINISHED,
  DossierStatus.RESULT_RETURNED,
]);

/** What a citizen learns from an event besides a status. */
function newsIn({ type, payload }: Recorded, dueMoved: boolean): Topic | undefined {
  const { dossier, intakeMoved, to, changes = [] } = payload;
  if (CLOSED.has(dossier?.status)) return undefined;
  switch (type.slice(CASEWORK.length)) {
    case 'DeadlineExtended':
      return Topic.DOSSIER_EXTENDED;
    case 'DossierRerouted':
      return intakeMoved || to?.agencyId === dossier?.holderId ? Topic.DOSSIER_REROUTED : undefined;
    case 'DeadlinesRecomputed':
      return dueMoved && changes.some(({ taskNumber }) => taskNumber === 0)
        ? Topic.DOSSIER_RECOMPUTED
        : undefined;
    default:
      return undefined;
  }
}

const dueIn = ({ payload: { dossier } }: Recorded): string =>
  `${dossier?.dueAt?.toISOString()} ${dossier?.dueProvisional}`;

/** What the citizen must be notified of since they opted in: each new status, and other news. */
export function dueToCitizen({ version, status }: Citizen, record: readonly Recorded[]): Topic[] {
  const topics: Topic[] = [];
  let [lastStatus, lastDue]: [number, string] = [status, ''];
  for (const one of record) {
    const due = dueIn(one);
    const news = newsIn(one, due !== lastDue);
    const next = one.payload.dossier?.status ?? lastStatus;
    if (one.version > version) {
      if (next !== lastStatus) topics.push(Topic.DOSSIER_STATUS);
      if (news !== undefined) topics.push(news);
      lastStatus = next;
    }
    // A reroute carries the deadline that its command computed; one that does not concern the citizen leaves it to the next event.
    if (news !== undefined || !one.type.endsWith('.DossierRerouted')) lastDue = due;
  }
  return topics;
}

const keyOf = (to: string, topic: Topic, about: string): string => `${to} ${LABELS[topic] ?? topic} ${about}`;

export const LABELS: Partial<Record<Topic, string>> = {
  [Topic.DOCUMENT_RECEIVED]: 'văn bản đến',
  [Topic.TASK_ASSIGNED]: 'giao việc',
  [Topic.TASK_RELEASED]: 'chờ phân công',
  [Topic.SUPPLEMENT_HANDED_IN]: 'có tệp bổ sung',
  [Topic.DEADLINE_NEAR]: 'sắp đến hạn',
  [Topic.OVERDUE]: 'quá hạn',
  [Topic.ESCALATION]: 'báo cáo thủ trưởng',
  [Topic.CONSULTATION_UNANSWERED]: 'chưa có ý kiến trả lời',
  [Topic.DOSSIER_STATUS]: 'trạng thái hồ sơ',
  [Topic.DOSSIER_EXTENDED]: 'hẹn lại ngày trả kết quả',
  [Topic.DOSSIER_RECOMPUTED]: 'tính lại thời hạn',
  [Topic.DOSSIER_REROUTED]: 'chuyển cơ quan',
};

/** What a mail is about, as its reader sees it. */
const SUBJECTS: readonly [Topic, RegExp][] = [
  [Topic.DOCUMENT_RECEIVED, /^Văn bản đến: (\S+)$/],
  [Topic.TASK_ASSIGNED, /^Giao xử lý hồ sơ (\S+)$/],
  [Topic.TASK_RELEASED, /^Hồ sơ (\S+) chờ phân công người xử lý$/],
  [Topic.SUPPLEMENT_HANDED_IN, /^Hồ sơ (\S+) có tệp bổ sung$/],
  [Topic.DEADLINE_NEAR, /^Hồ sơ (\S+) sắp đến hạn$/],
  [Topic.OVERDUE, /^Hồ sơ (\S+) đã quá hạn$/],
  [Topic.ESCALATION, /^Hồ sơ (\S+) quá hạn, cần chỉ đạo giải quyết$/],
  [Topic.CONSULTATION_UNANSWERED, /^Chưa có ý kiến trả lời về hồ sơ (\S+)$/],
  [
    Topic.DOSSIER_EXTENDED,
    /^(?:Hồ sơ|Dossier) (\S+): (?:xin lỗi và hẹn lại ngày trả kết quả|apology and a new date)$/,
  ],
  [
    Topic.DOSSIER_RECOMPUTED,
    /^(?:Hồ sơ|Dossier) (\S+): (?:thời hạn trả kết quả được tính lại|the deadline was computed again)$/,
  ],
  [Topic.DOSSIER_REROUTED, /^(?:Hồ sơ|Dossier) (\S+) (?:được chuyển sang|was moved to) .+$/],
  [Topic.DOSSIER_STATUS, /^(?:Hồ sơ|Dossier) (\S+): .+$/],
];

export interface ReadMail {
  topic: Topic;
  /** The dossier's code, or the document's number and notation. */
  about: string;
}

export function readMail({ subject }: Mail): ReadMail {
  for (const [topic, pattern] of SUBJECTS) {
    const [, about] = pattern.exec(subject) ?? [];
    if (about !== undefined) return { topic, about };
  }
  return { topic: Topic.UNSPECIFIED, about: subject };
}

export interface Inboxes {
  records: ReadonlyMap<string, readonly Recorded[]>;
  persons: readonly Person[];
  citizens: readonly Citizen[];
  /** By officer: the documents that arrived at their agency since they have an address. */
  documents: ReadonlyMap<string, readonly string[]>;
}

/** Checks that every due mail came once, to its recipient and nobody else. */
export function mailDifferences(
  mails: readonly Mail[],
  { records, persons, citizens, documents }: Inboxes,
): string[] {
  const due = [...records.values()].flatMap(dueToOfficers);
  const toOfficers = persons
    .filter(({ email }) => email !== '')
    .flatMap(({ officerId, email, noMailOf }) => [
      ...due
        .filter((one) => one.officerId === officerId && !noMailOf.has(one.topic))
        .map(({ topic, dossierCode }) => keyOf(email, topic, dossierCode)),
      ...(documents.get(officerId) ?? []).map((label) => keyOf(email, Topic.DOCUMENT_RECEIVED, label)),
    ]);
  const toCitizens = citizens.flatMap((citizen) => {
    const record = records.get(citizen.dossierId) ?? [];
    const code = record[0]?.payload.dossier?.code ?? '';
    return dueToCitizen(citizen, record).map((topic) => keyOf(citizen.email, topic, code));
  });
  const came = mails.flatMap((mail) => {
    const { topic, about } = readMail(mail);
    return mail.to.map((to) => keyOf(to, topic, about));
  });
  const ids = mails.map(({ messageId }) => messageId);
  return [
    ...compareAll('mails', came, [...toOfficers, ...toCitizens]),
    ...compareAll('Message-IDs', ids, new Set(ids)),
  ];
}

/** Checks notifications that follow from the story alone, without the audit: assigned work, and missed deadlines. */
export function caseDifferences(
  mails: readonly Mail[],
  cases: Iterable<Pick<Case, 'code' | 'conduct' | 'did' | 'intakeId'>>,
  persons: readonly Person[],
): string[] {
  const differences: string[] = [];
  const came = new Set(
    mails.flatMap((mail) => {
      const { topic, about } = readMail(mail);
      return mail.to.map((to) => keyOf(to, topic, about));
    }),
  );
  const must = (code: string, topic: Topic, to: readonly Person[]) => {
    if (to.length > 0 && !to.some(({ email }) => came.has(keyOf(email, topic, code))))
      differences.push(`mails: missing notification about ${code} (${LABELS[topic]})`);
  };
  const heads = persons.filter(({ head }) => head);
  const officers = persons.filter(({ head }) => !head);
  for (const { code, conduct, did, intakeId } of cases) {
    if (did.has('assign')) must(code, Topic.TASK_ASSIGNED, officers);
    if (LATE.has(conduct))
      must(
        code,
        Topic.ESCALATION,
        heads.filter(({ agencyId }) => agencyId === intakeId),
      );
  }
  return differences;
}

/** The same for messages in the application, which nobody can turn off. */
export function messageDifferences(
  person: Person,
  messages: readonly { topic: Topic; dossierCode: string }[],
  records: Inboxes['records'],
): string[] {
  const due = [...records.values()].flatMap(dueToOfficers);
  return compareAll(
    'messages in the application',
    messages
      .filter(({ topic }) => topic in LABELS)
      .map(({ topic, dossierCode }) => keyOf(person.officerId, topic, dossierCode)),
    due
      .filter(({ officerId }) => officerId === person.officerId)
      .map(({ topic, dossierCode }) => keyOf(person.officerId, topic, dossierCode)),
  );
}
