import { DossierStatus } from '@lienthong/contracts/casework';
import { eventContracts } from '@lienthong/contracts/events';
import { describe, expect, test } from 'vitest';
import type { CaseworkEventType } from '../decision/events.ts';
import { milestones } from './milestones.ts';
import { type PastEvent, pastEvent } from './past.ts';
import { sentenceOf } from './sentence.ts';

const TYPES = Object.entries(eventContracts)
  .filter(([, { source, aggregate }]) => source === 'casework' && aggregate === 'dossier')
  .map(([type]) => type as CaseworkEventType);
const MINUTE = 60_000;

function event(name: string, minute: number, holderId: string, payload: object = {}): PastEvent {
  const type = `lienthong.casework.v1.${name}` as CaseworkEventType;
  const dossier = { id: 'd', intakeAgencyId: 'Xã', holderId, status: DossierStatus.IN_PROGRESS };
  const whole = eventContracts[type].codec.fromPartial({ dossier, ...payload });
  return pastEvent(type, whole as never, 1, new Date(minute * MINUTE));
}

const milestonesOf = (events: readonly PastEvent[]) =>
  milestones(events, (agencyId) => agencyId).map(({ agencyName, text }) => `${agencyName}: ${text}`);

describe('milestones for citizens', () => {
  test('name the holder at each event, then the next one', () => {
    const events = [
      event('DossierLodged', 0, 'Sở'),
      event('DossierAccepted', 0, 'Sở'),
      event('TaskOpened', 0, 'Sở'),
      event('TaskClosed', 1, 'Tỉnh'),
      event('TaskOpened', 1, 'Tỉnh'),
      event('DossierRerouted', 2, 'Tỉnh mới'),
      event('TaskClosed', 3, 'Xã'),
      event('DossierFinished', 3, 'Xã'),
    ];
    expect(milestonesOf(events)).toEqual([
      'Xã: Hồ sơ đã được nộp.',
      'Xã: Hồ sơ đã được tiếp nhận.',
      'Sở: Hồ sơ được chuyển đến Sở.',
      'Tỉnh: Hồ sơ được chuyển đến Tỉnh.',
      'Tỉnh mới: Hồ sơ được chuyển đến Tỉnh mới.',
      'Tỉnh mới: Hồ sơ đã có kết quả.',
      'Xã: Hồ sơ được chuyển đến Xã.',
    ]);
  });

  test('tell of a deadline that was computed again, and whether it is provisional', () => {
    const dossier = (dueProvisional: boolean) => ({
      id: 'd',
      intakeAgencyId: 'Xã',
      holderId: 'Xã',
      dueAt: new Date('2027-03-02T10:00:00Z'),
      dueProvisional,
    });
    const events = [
      event('DossierAccepted', 0, 'Xã', { dossier: dossier(true) }),
      event('DeadlinesRecomputed', 1, 'Xã', { dossier: dossier(true), changes: [{ taskNumber: 1 }] }),
      event('DeadlinesRecomputed', 2, 'Xã', { dossier: dossier(false), changes: [{ taskNumber: 0 }] }),
    ];
    expect(milestonesOf(events)).toEqual([
      'Xã: Hồ sơ đã được tiếp nhận. Dự kiến trả kết quả: 17 giờ 00 phút, thứ Ba, ngày 02/3/2027 (tạm tính).',
      'Xã: Thời hạn giải quyết được tính lại. Dự kiến trả kết quả: 17 giờ 00 phút, thứ Ba, ngày 02/3/2027.',
    ]);
  });

  const task = { name: 'bí mật', number: 1, note: 'bí mật', assigneeId: 'bí mật', outcome: 'bí mật' };
  const secrets = {
    task,
    reason: 'bí mật',
    fromOfficerId: 'bí mật',
    toldOfficerId: 'bí mật',
    officerId: 'bí mật',
    extension: { reason: 'bí mật' },
    papers: [{ name: 'bí mật' }],
    results: [{ name: 'bí mật', number: 'bí mật' }],
    amountVnd: 987_654n,
  };

  test('distinguish a withdrawal by the platform from one by the citizen', () => {
    const texts = [false, true].map(
      (notAwaited) => milestones([event('DossierWithdrawn', 1, 'Xã', { notAwaited })], (id) => id)[0]?.text,
    );
    expect(texts).toEqual([
      'Hồ sơ đã được rút theo yêu cầu.',
      'Hồ sơ đã được rút, vì hồ sơ liên thông không còn chờ kết quả này.',
    ]);
  });

  test.each(TYPES)('of %s contain no data of the event', (type) => {
    const name = type.slice('lienthong.casework.v1.'.length);
    const [milestone] = milestones([event(name, 1, 'Xã', secrets)], (agencyId) => agencyId);
    expect(JSON.stringify(milestone ?? {})).not.toMatch(/bí mật|987/);
  });
});

describe('sentences for staff', () => {
  test.each(TYPES)('exist for %s, even without its optional fields', (type) => {
    const name = type.slice('lienthong.casework.v1.'.length);
    const sentence = sentenceOf(
      event(name, 1, 'Xã'),
      () => '',
      () => '',
    );
    expect(sentence).toMatch(/^\p{Lu}.*\.$/u);
    expect(sentence).toBe(sentence.normalize('NFC'));
    expect(sentence).not.toMatch(/undefined|null|\{|\}|NaN/);
  });

  const officer = (id: string) => ({ an: 'Trần Thị An', binh: 'Lê Văn Bình' })[id] ?? '';
  const agency = (id: string) => ({ so: 'Sở Xây dựng' })[id] ?? '';
  const sentence = (name: string, payload: object) =>
    sentenceOf(event(name, 1, 'Xã', payload), officer, agency);
  const appraisal = {
    name: 'Thẩm định',
    number: 2,
    kind: 2,
    agency: { name: 'Sở Xây dựng' },
    assigneeId: 'an',
  };
  const consultation = { ...appraisal, kind: 4 };
  const dueAt = new Date('2026-01-16T10:00:00Z');

  test.each([
    ['TaskAssigned', { task: appraisal, kind: 1 }, 'Trần Thị An nhận việc: Thẩm định.'],
    ['TaskAssigned', { task: appraisal, kind: 2 }, 'Phân công Trần Thị An: Thẩm định.'],
    [
      'TaskAssigned',
      { task: appraisal, kind: 3, fromOfficerId: 'binh' },
      'Lê Văn Bình bàn giao cho Trần Thị An: Thẩm định.',
    ],
    ['TaskAssigned', { task: appraisal, kind: 4 }, 'Trả lại Trần Thị An: Thẩm định.'],
    [
      'TaskReleased',
      { task: { ...appraisal, assigneeId: '' }, fromOfficerId: 'an', officerId: 'binh' },
      'Trần Thị An không còn công tác tại Sở Xây dựng; chờ người khác nhận việc: Thẩm định; đã báo cáo Lê Văn Bình.',
    ],
    [
      'TaskReleased',
      { task: { ...appraisal, agency: { name: 'Ủy ban nhân dân phường 9' } }, fromOfficerId: 'an' },
      'Trần Thị An không còn công tác tại Ủy ban nhân dân Phường 9; chờ người khác nhận việc: Thẩm định.',
    ],
    [
      'TaskOpened',
      { task: { ...consultation, dueAt } },
      'Xin ý kiến Sở Xây dựng, hạn 17 giờ 00 phút, thứ Sáu, ngày 16/01/2026.',
    ],
    ['TaskClosed', { task: { ...appraisal, state: 3 } }, 'Trả lại bước trước: Thẩm định.'],
    ['TaskClosed', { task: { ...consultation, state: 5 } }, 'Hết hạn trả lời ý kiến của Sở Xây dựng.'],
    [
      'ConsultationUnanswered',
      { task: consultation, toldOfficerId: 'binh' },
      'Sở Xây dựng không trả lời ý kiến đúng hạn; đã báo cáo Lê Văn Bình.',
    ],
    [
      'DeadlinesRecomputed',
      {
        cause: 1,
        reason: 'Lịch làm việc năm 2026 (Thông báo 6150/TB-BNV)',
        changes: [{ taskNumber: 0, to: dueAt }],
      },
      'Tính lại thời hạn do lịch làm việc thay đổi: Lịch làm việc năm 2026 (Thông báo 6150/TB-BNV); hạn mới của hồ sơ 17 giờ 00 phút, thứ Sáu, ngày 16/01/2026.',
    ],
    [
      'DeadlinesRecomputed',
      { cause: 1, reason: 'Năm 2027', changes: [{ taskNumber: 0, from: dueAt, to: dueAt }] },
      'Tính lại thời hạn do lịch làm việc thay đổi: Năm 2027; hạn chính thức của hồ sơ 17 giờ 00 phút, thứ Sáu, ngày 16/01/2026.',
    ],
    [
      'DossierAccepted',
      { dossier: { dueAt, dueProvisional: true } },
      'Hồ sơ được tiếp nhận, hẹn trả kết quả 17 giờ 00 phút, thứ Sáu, ngày 16/01/2026 (tạm tính).',
    ],
    [
      'DeadlineNear',
      { dueAt, dossier: { dueProvisional: true } },
      'Hồ sơ sắp đến hạn: 17 giờ 00 phút, thứ Sáu, ngày 16/01/2026 (tạm tính).',
    ],
    ['PaymentReceived', { amountVnd: 1_250_000n }, 'Đã nộp 1.250.000 đồng; tiếp tục tính thời hạn.'],
    [
      'PaymentReceived',
      { amountVnd: 8_000n, provider: 'Cổng thanh toán' },
      'Đã nộp 8.000 đồng qua Cổng thanh toán; tiếp tục tính thời hạn.',
    ],
    [
      'SurplusPaymentReceived',
      { amountVnd: 8_000n, provider: 'Cổng thanh toán' },
      'Nhận 8.000 đồng qua Cổng thanh toán khi hồ sơ không chờ nộp; khoản này cần được hoàn trả.',
    ],
    [
      'DeadlinePassed',
      { task: appraisal, dueAt },
      'Việc “Thẩm định” đã quá hạn: 17 giờ 00 phút, thứ Sáu, ngày 16/01/2026.',
    ],
    ['DeadlineNear', { dueAt }, 'Hồ sơ sắp đến hạn: 17 giờ 00 phút, thứ Sáu, ngày 16/01/2026.'],
    ['DossierWithdrawn', {}, 'Công dân rút hồ sơ.'],
    ['DossierLodged', { channel: 1 }, 'Hồ sơ được nộp trực tiếp tại bộ phận một cửa.'],
    ['DossierLodged', { channel: 2 }, 'Hồ sơ được nộp trực tuyến.'],
    ['DossierLodged', { channel: 3 }, 'Hồ sơ được nộp qua dịch vụ bưu chính.'],
    ['DossierLodged', { channel: 2, parentDossierId: 'p' }, 'Hồ sơ được mở theo thủ tục liên thông.'],
    [
      'DossierLodged',
      { channel: 1, dossier: { intakeAgencyId: 'xa', competentAgencyId: 'so' } },
      'Hồ sơ được nộp trực tiếp tại bộ phận một cửa; cơ quan có thẩm quyền giải quyết: Sở Xây dựng.',
    ],
    [
      'DossierLodged',
      { channel: 2, dossier: { intakeAgencyId: 'so', competentAgencyId: 'so' } },
      'Hồ sơ được nộp trực tuyến.',
    ],
    [
      'TaskOpened',
      { task: { ...appraisal, agency: { name: 'Ủy ban nhân dân phường 9' } } },
      'Giao Ủy ban nhân dân Phường 9: Thẩm định.',
    ],
    [
      'DossierWithdrawn',
      { notAwaited: true },
      'Hồ sơ được rút, vì hồ sơ liên thông đã mở hồ sơ này không còn chờ kết quả.',
    ],
    ['DossierFinished', { late: true }, 'Hồ sơ đã giải quyết xong, quá hạn.'],
    [
      'DossierRerouted',
      { from: { name: 'Xã Cũ' }, to: { name: 'Xã Mới' } },
      'Hồ sơ chuyển từ Xã Cũ sang Xã Mới do sắp xếp lại cơ quan.',
    ],
    [
      'DossierRerouted',
      { from: { name: 'Sở Cũ' }, to: { name: 'Sở Mới' }, competentMoved: true },
      'Thẩm quyền giải quyết hồ sơ chuyển từ Sở Cũ sang Sở Mới do sắp xếp lại cơ quan.',
    ],
  ])('%s', (name, payload, expected) => expect(sentence(name, payload)).toBe(expected));
});
