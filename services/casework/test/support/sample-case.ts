import { Applicant, ApplicantKind, DossierStatus, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import { Channel } from '@lienthong/contracts/registry';
import { vietnamDate } from '@lienthong/kit';
import type { Party } from '@lienthong/reference-data';
import { days, vietnamCalendar, workingDaysBetween } from '@lienthong/working-time';
import type { Dossier, Task } from '../../src/domain/dossier/state.ts';
import { oneStopAt } from '../../src/domain/law/one-stop.ts';
import type { Case } from '../../src/papers/case.ts';
import { decodeDossier, decodeTask } from '../../src/store/record.ts';

/** A moment in Vietnam: "2026-01-05T08:30". */
export const at = (local: string): number => Date.parse(`${local}+07:00`);

const agency = (agencyId: string, name: string): Party => ({ agencyId, name, code: 'H61' });
const province = { name: 'Ủy ban nhân dân tỉnh Vĩnh Long' };
export const commune = agency('commune', 'Ủy ban nhân dân xã An Bình');
export const department = agency('department', 'Sở Nông nghiệp và Môi trường');
export const office = agency('office', 'Văn phòng Đăng ký đất đai');

export const OFFICERS: Record<string, string> = {
  clerk: 'Trần Văn Hữu Đức',
  examiner: 'Lê Thị Ngưỡng',
  surveyor: 'Võ Hoàng Yến',
};

export const task = (number: number, outline: Partial<Task>): Task => ({
  ...decodeTask('{}'),
  number,
  kind: TaskKind.STEP,
  state: TaskState.COMPLETED,
  assigneeId: 'examiner',
  closedBy: 'examiner',
  lead: true,
  ...outline,
});

const acts: Dossier['acts'] = {
  accepted: { at: at('2026-01-05T08:40'), officerId: 'clerk', agency: commune },
};

export const dossier = (outline: Partial<Dossier> = {}): Dossier => ({
  ...decodeDossier('{"open":[]}'),
  id: 'dossier',
  code: 'H61.29542-260105-0001',
  channel: Channel.IN_PERSON,
  status: DossierStatus.IN_PROGRESS,
  intake: commune,
  holder: department,
  lodgedWith: commune.agencyId,
  lodgedAt: at('2026-01-05T08:30'),
  acceptedAt: at('2026-01-05T08:40'),
  clock: {
    receivedAt: at('2026-01-05T08:40'),
    duration: days(15),
    reception: true,
    events: [],
    agreed: null,
  },
  dueAt: at('2026-01-26T17:00'),
  acts,
  papers: [
    { key: 'don', name: 'Đơn đăng ký biến động (Mẫu số 11/ĐK)', sha256: '', originals: 1, copies: 0 },
    {
      key: 'gcn',
      name: 'Giấy chứng nhận quyền sử dụng đất',
      sha256: 'a'.repeat(64),
      originals: 1,
      copies: 2,
    },
    { key: '', name: 'Ảnh hiện trạng', sha256: '', originals: 0, copies: 0 },
  ],
  ...outline,
});

/** A land dossier between commune, department and land office. */
export const sampleCase = (outline: Partial<Dossier> = {}, more: Partial<Case> = {}): Case => ({
  dossier: dossier(outline),
  tasks: [
    task(1, {
      name: 'Kiểm tra thành phần hồ sơ',
      agency: commune,
      openedAt: at('2026-01-05T08:40'),
      closedAt: at('2026-01-06T10:00'),
      dueAt: at('2026-01-07T17:00'),
    }),
    task(2, {
      name: 'Thẩm định hồ sơ',
      agency: department,
      openedAt: at('2026-01-06T10:00'),
      closedAt: at('2026-01-20T10:05'),
      dueAt: at('2026-01-16T17:00'),
      note: 'Đủ điều kiện cấp.',
    }),
    task(3, {
      kind: TaskKind.CONSULTATION,
      name: 'Lấy ý kiến',
      agency: office,
      openedAt: at('2026-01-08T10:00'),
      closedAt: at('2026-01-12T15:00'),
      dueAt: at('2026-01-12T17:00'),
      assigneeId: 'surveyor',
      closedBy: 'surveyor',
      lead: false,
      askedFrom: 2,
    }),
  ],
  applicant: Applicant.fromPartial({
    fullName: 'Nguyễn Thị Bích Ngọc',
    address: 'Ấp An Thành, xã An Bình, tỉnh Vĩnh Long',
    phone: '0912 345 678',
    email: 'ngoc@example.vn',
    kind: ApplicantKind.CITIZEN,
  }),
  caseName: '',
  trackingUrl: '',
  procedure: { code: '1.004227', name: 'Đăng ký biến động quyền sử dụng đất' },
  officerName: (id) => OFFICERS[id] ?? '',
  headName: (id) => (id === department.agencyId ? 'Phạm Quốc Khánh' : ''),
  early: (_, moment, dueAt) => workingDaysBetween(vietnamCalendar, moment, dueAt) > 0,
  place: (id) => (id === commune.agencyId ? 'An Bình' : 'Vĩnh Long'),
  superior: (id) => (id === department.agencyId ? province.name : ''),
  party: (id) => [commune, department, office].find(({ agencyId }) => agencyId === id) ?? agency(id, ''),
  oneStop: ({ agencyId, name }, moment) =>
    oneStopAt(
      [
        { name, tier: agencyId === department.agencyId ? Tier.DEPARTMENT : Tier.COMMUNE },
        { name: province.name, tier: Tier.PROVINCE },
      ],
      vietnamDate(new Date(moment)),
    ),
  ...more,
});

export const supplementAsked: Partial<Dossier> = {
  acts: {
    ...acts,
    supplement: {
      at: at('2026-01-07T14:00'),
      officerId: 'examiner',
      agency: department,
      content: '1. Bản sao giấy chứng nhận có chứng thực\n- Sơ đồ thửa đất\n\n',
      reason: 'Bản sao đã nộp bị mờ.',
      phone: '+842703822777',
    },
  },
};

export const stopped: Partial<Dossier> = {
  acts: {
    ...acts,
    stopped: {
      at: at('2026-01-22T09:15'),
      officerId: 'examiner',
      agency: department,
      reason: 'Thửa đất đang có tranh chấp.',
      dueAt: at('2026-01-26T17:00'),
    },
  },
};

export const refusedAtIntake: Partial<Dossier> = {
  acts: { refused: { at: at('2026-01-06T09:05'), officerId: 'clerk', agency: commune } },
  reason: 'Hồ sơ không thuộc thẩm quyền giải quyết.',
};

export const extended: Partial<Dossier> = {
  acts: { ...acts, extended: { at: at('2026-01-23T10:00'), officerId: 'examiner', agency: department } },
  extension: {
    from: at('2026-01-26T17:00'),
    to: at('2026-02-04T17:00'),
    reason: 'cần xác minh ranh giới thửa đất với các hộ liền kề.',
    at: at('2026-01-23T10:00'),
  },
};
