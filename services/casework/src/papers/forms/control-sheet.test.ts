import { TaskKind, TaskState } from '@lienthong/contracts/casework';
import { expect, test } from 'vitest';
import { at, commune, department, office, sampleCase, task } from '../../../test/support/sample-case.ts';
import type { Case } from '../case.ts';
import { type ControlSheet, controlSheetOf } from './control-sheet.ts';

function sheetOf(of: Case): ControlSheet {
  const sheet = controlSheetOf(of);
  if (!sheet.ok) throw new Error(sheet.refusal.message);
  return sheet.value;
}

test('lists every hand-over and the return', () => {
  const finished = { finishedAt: at('2026-01-20T10:05'), returnedAt: at('2026-01-21T09:00') };
  expect(sheetOf(sampleCase(finished))).toEqual({
    head: expect.objectContaining({
      at: at('2026-01-05T08:40'),
      agency: 'Ủy ban nhân dân xã An Bình',
      number: '260105-0001/PKS',
      placeAndDate: 'An Bình, ngày 05 tháng 01 năm 2026',
      code: 'H61.29542-260105-0001',
      form: { number: '06', source: 'Thông tư 03/2025/TT-VPCP' },
    }),
    request: 'Đăng ký biến động quyền sử dụng đất',
    receivedAt: '08 giờ 30 phút, ngày 05 tháng 01 năm 2026',
    solvedBy: ['Ủy ban nhân dân xã An Bình', 'Sở Nông nghiệp và Môi trường'],
    workedWith: ['Văn phòng Đăng ký đất đai'],
    passings: [
      {
        from: 'Trung tâm Phục vụ hành chính công xã An Bình',
        to: 'Ủy ban nhân dân xã An Bình',
        at: '08 giờ 40 phút, ngày 05 tháng 01 năm 2026',
        giver: 'Trần Văn Hữu Đức',
        receiver: 'Lê Thị Ngưỡng',
        result: 'Trước hạn',
        note: 'Kiểm tra thành phần hồ sơ\nHoàn thành: 10 giờ 00 phút, ngày 06 tháng 01 năm 2026.',
      },
      {
        from: 'Ủy ban nhân dân xã An Bình',
        to: 'Sở Nông nghiệp và Môi trường',
        at: '10 giờ 00 phút, ngày 06 tháng 01 năm 2026',
        giver: 'Lê Thị Ngưỡng',
        receiver: 'Lê Thị Ngưỡng',
        result: 'Quá hạn',
        note: 'Thẩm định hồ sơ\nHoàn thành: 10 giờ 05 phút, ngày 20 tháng 01 năm 2026.\nĐủ điều kiện cấp.',
      },
      {
        from: 'Sở Nông nghiệp và Môi trường',
        to: 'Văn phòng Đăng ký đất đai',
        at: '10 giờ 00 phút, ngày 08 tháng 01 năm 2026',
        giver: 'Lê Thị Ngưỡng',
        receiver: 'Võ Hoàng Yến',
        result: 'Đúng hạn',
        note: 'Lấy ý kiến\nHoàn thành: 15 giờ 00 phút, ngày 12 tháng 01 năm 2026.',
      },
      {
        from: 'Sở Nông nghiệp và Môi trường',
        to: 'Trung tâm Phục vụ hành chính công xã An Bình',
        at: '10 giờ 05 phút, ngày 20 tháng 01 năm 2026',
        giver: 'Lê Thị Ngưỡng',
        receiver: '',
        result: 'Trước hạn',
        note: 'Kết quả giải quyết của toàn bộ hồ sơ.\nĐã trả kết quả: 09 giờ 00 phút, ngày 21 tháng 01 năm 2026.',
      },
    ],
  });
});

test('states how tasks ended that were not completed', () => {
  const opened = at('2026-01-06T10:00');
  const closed = at('2026-01-08T10:00');
  const dueAt = at('2026-01-07T17:00');
  const tasks = [
    task(1, { kind: TaskKind.INTAKE, agency: commune, closedAt: at('2026-01-05T08:40') }),
    task(2, {
      agency: commune,
      state: TaskState.RETURNED,
      openedAt: at('2026-01-05T08:40'),
      closedAt: opened,
      dueAt,
    }),
    task(3, {
      agency: department,
      state: TaskState.CANCELLED,
      openedAt: opened,
      closedAt: closed,
      closedBy: '',
    }),
    task(4, {
      kind: TaskKind.CONSULTATION,
      agency: office,
      state: TaskState.EXPIRED,
      openedAt: opened,
      closedAt: dueAt,
      dueAt,
      assigneeId: '',
      closedBy: '',
      lead: false,
    }),
    task(5, { agency: department, state: TaskState.OPEN, openedAt: closed, closedBy: '', assigneeId: '' }),
  ];
  const { passings } = sheetOf(sampleCase({}, { tasks }));
  expect(passings.map(({ from, result, note }) => [from, result, note.split('\n')[1]])).toEqual([
    ['Trung tâm Phục vụ hành chính công xã An Bình', 'Trước hạn', 'Chuyển trả bước trước.'],
    ['Ủy ban nhân dân xã An Bình', '', 'Không phải giải quyết tiếp.'],
    ['Ủy ban nhân dân xã An Bình', 'Quá hạn', 'Không trả lời trong thời hạn.'],
    ['Ủy ban nhân dân xã An Bình', '', 'Đang giải quyết.'],
  ]);
});

test('counts early as the figures do, by working days: the evening before belongs to the next day', () => {
  const dueAt = at('2026-01-19T17:00');
  const done = (closedAt: number) => ({
    kind: TaskKind.STEP,
    agency: commune,
    openedAt: at('2026-01-12T08:40'),
    closedAt,
    dueAt,
  });
  const tasks = [
    task(1, done(at('2026-01-16T17:00'))),
    task(2, done(at('2026-01-16T17:01'))),
    task(3, done(at('2026-01-18T09:00'))),
  ];
  const { passings } = sheetOf(sampleCase({}, { tasks }));
  expect(passings.map(({ result }) => result)).toEqual(['Trước hạn', 'Đúng hạn', 'Đúng hạn']);
});

test('states of a cancelled task that it ended, not that it was completed', () => {
  const closedAt = at('2026-01-06T10:00');
  const tasks = [
    task(1, {
      agency: commune,
      state: TaskState.CANCELLED,
      openedAt: at('2026-01-05T08:40'),
      closedAt,
      closedBy: '',
    }),
  ];
  const [passing] = sheetOf(sampleCase({}, { tasks })).passings;
  expect(passing?.note.split('\n').at(-1)).toBe('Kết thúc: 10 giờ 00 phút, ngày 06 tháng 01 năm 2026.');
});

test('does not exist before the dossier is accepted', () => {
  expect(controlSheetOf(sampleCase({ acts: {} }))).toMatchObject({
    ok: false,
    refusal: { kind: 'failed-precondition', reason: 'PAPER_NOT_ISSUED' },
  });
});
