import { describe, expect, test } from 'vitest';
import {
  type ClockEvent,
  calendarDays,
  type Duration,
  days,
  explainDeadline,
  hours,
  vietnamCalendar,
} from '../src/index.ts';
import { calendarOf, reasonOf, value, vn } from './support.ts';

function lines(received: string, duration: Duration, ...events: [ClockEvent['type'], string][]) {
  const request = {
    receivedAt: vn(received),
    duration,
    events: events.map(([type, at]) => ({ type, at: vn(at) })),
  };
  return value(explainDeadline(vietnamCalendar, request)).lines;
}

const vi = (...args: Parameters<typeof lines>) => lines(...args).map((line) => line.vi);

const CUTOFF = '(nguồn: Nghị định 61/2018/NĐ-CP, Điều 18 khoản 1; Thông tư 01/2018/TT-VPCP)';
const CUTOFF_SINCE_2025_07 = '(nguồn: Nghị định 118/2025/NĐ-CP)';
const LABOUR_CODE = 'Bộ luật Lao động 45/2019/QH14, Điều 112 khoản 1 điểm';
const FIRST_DAY = 'ngày đầu, không tính (Bộ luật Dân sự 2015, Điều 147 khoản 2)';

describe('in Vietnamese', () => {
  test('a late reception and a worked Saturday', () =>
    expect(vi('2025-04-24 15:20', days(4))).toEqual([
      `Tiếp nhận lúc 15:20 Thứ Năm 24/4/2025, sau 15:00: tính từ đầu giờ ngày làm việc tiếp theo, 07:00 Thứ Sáu 25/4/2025 ${CUTOFF}`,
      `Thứ Sáu 25/4/2025: ${FIRST_DAY}`,
      'Thứ Bảy 26/4/2025: làm bù cho ngày 02/5/2025 (nguồn: Thông báo 6150/TB-BLĐTBXH ngày 03/12/2024), 1 ngày làm việc',
      'Chủ nhật 27/4/2025: nghỉ hằng tuần',
      'Thứ Hai 28/4/2025 đến Thứ Ba 29/4/2025: 2 ngày làm việc',
      `Thứ Tư 30/4/2025: nghỉ Ngày Chiến thắng (nguồn: ${LABOUR_CODE} c)`,
      `Thứ Năm 01/5/2025: nghỉ Ngày Quốc tế lao động (nguồn: ${LABOUR_CODE} d)`,
      'Thứ Sáu 02/5/2025: nghỉ hoán đổi, làm bù Thứ Bảy 26/4/2025 (nguồn: Thông báo 6150/TB-BLĐTBXH ngày 03/12/2024)',
      'Thứ Bảy 03/5/2025 đến Chủ nhật 04/5/2025: nghỉ hằng tuần',
      'Thứ Hai 05/5/2025: 1 ngày làm việc',
      'Hạn: 17:00 Thứ Hai 05/5/2025',
    ]));

  test('hours that skip Tết before they start', () =>
    expect(vi('2026-02-13 15:00:01', hours(9.5))).toEqual([
      `Tiếp nhận lúc 15:00:01 Thứ Sáu 13/02/2026, sau 15:00: tính từ đầu giờ ngày làm việc tiếp theo, 07:00 Thứ Hai 23/02/2026 ${CUTOFF_SINCE_2025_07}`,
      'Thứ Bảy 14/02/2026 đến Chủ nhật 15/02/2026: nghỉ hằng tuần',
      `Thứ Hai 16/02/2026 đến Thứ Sáu 20/02/2026: nghỉ Tết Âm lịch (nguồn: ${LABOUR_CODE} b; Thông báo 9441/TB-BNV ngày 16/10/2025)`,
      'Thứ Bảy 21/02/2026 đến Chủ nhật 22/02/2026: nghỉ hằng tuần',
      'Thứ Hai 23/02/2026 đến Thứ Ba 24/02/2026: 9 giờ 30 phút làm việc',
      'Hạn: 08:30 Thứ Ba 24/02/2026',
    ]));

  test('receptions on a day off, outside office hours, within them', () => {
    expect(vi('2026-11-24 09:00', days(0))[0]).toBe(
      'Tiếp nhận lúc 09:00 Thứ Ba 24/11/2026, ngày nghỉ (Ngày Văn hóa Việt Nam): tính từ 07:00 Thứ Tư 25/11/2026',
    );
    expect(vi('2025-06-07 09:00', days(0))[0]).toContain('ngày nghỉ (nghỉ hằng tuần)');
    expect(vi('2025-06-03 11:30', days(0))[0]).toBe(
      'Tiếp nhận lúc 11:30 Thứ Ba 03/6/2025, ngoài giờ làm việc: tính từ 13:00 Thứ Ba 03/6/2025',
    );
    expect(vi('2025-06-03 15:00', days(0))).toEqual([
      'Tiếp nhận lúc 15:00 Thứ Ba 03/6/2025: tính từ lúc này',
      'Thứ Ba 03/6/2025: trong ngày',
      'Hạn: 17:00 Thứ Ba 03/6/2025',
    ]);
  });

  test('a pause and what is left', () =>
    expect(
      vi('2025-06-02 09:00', hours(16), ['pause', '2025-06-03 10:00'], ['resume', '2025-06-05 14:00']),
    ).toEqual([
      'Tiếp nhận lúc 09:00 Thứ Hai 02/6/2025: tính từ lúc này',
      'Thứ Hai 02/6/2025 đến Thứ Ba 03/6/2025: 9 giờ làm việc',
      'Tạm dừng lúc 10:00 Thứ Ba 03/6/2025: còn lại 7 giờ làm việc',
      'Tiếp tục lúc 14:00 Thứ Năm 05/6/2025: thời gian tạm dừng không tính, còn lại 7 giờ làm việc',
      'Thứ Năm 05/6/2025 đến Thứ Sáu 06/6/2025: 7 giờ làm việc',
      'Hạn: 11:00 Thứ Sáu 06/6/2025',
    ]));

  test('a pause on a rest day, in days, still running', () =>
    expect(vi('2025-06-05 09:00', days(5), ['pause', '2025-06-07 10:00'])).toEqual([
      'Tiếp nhận lúc 09:00 Thứ Năm 05/6/2025: tính từ lúc này',
      `Thứ Năm 05/6/2025: ${FIRST_DAY}`,
      'Thứ Sáu 06/6/2025: 1 ngày làm việc',
      'Thứ Bảy 07/6/2025 đến Chủ nhật 08/6/2025: nghỉ hằng tuần',
      'Thứ Hai 09/6/2025: 1 ngày làm việc',
      'Tạm dừng lúc 10:00 Thứ Bảy 07/6/2025, thuộc Thứ Hai 09/6/2025: còn lại 3 ngày làm việc',
    ]));

  test('a pause after the deadline', () =>
    expect(
      vi('2025-06-02 09:00', days(0), ['pause', '2025-06-04 10:00'], ['resume', '2025-06-05 10:00']).slice(
        -3,
      ),
    ).toEqual([
      'Tạm dừng lúc 10:00 Thứ Tư 04/6/2025: đã quá hạn 17:00 Thứ Hai 02/6/2025',
      'Tiếp tục lúc 10:00 Thứ Năm 05/6/2025: hạn không đổi vì đã quá hạn trước khi tạm dừng',
      'Hạn: 17:00 Thứ Hai 02/6/2025',
    ]));

  test('a first day before a weekend', () =>
    expect(vi('2025-06-06 09:00', days(1)).slice(1, 3)).toEqual([
      `Thứ Sáu 06/6/2025: ${FIRST_DAY}`,
      'Thứ Bảy 07/6/2025 đến Chủ nhật 08/6/2025: nghỉ hằng tuần',
    ]));

  test('a supplement that starts from zero', () =>
    expect(vi('2025-06-02 09:00', hours(5), ['restart', '2025-06-02 15:30']).slice(1)).toEqual([
      'Thứ Hai 02/6/2025: 4 giờ 30 phút làm việc',
      `Bổ sung đủ lúc 15:30 Thứ Hai 02/6/2025, tính lại từ đầu, sau 15:00: tính từ đầu giờ ngày làm việc tiếp theo, 07:00 Thứ Ba 03/6/2025 ${CUTOFF}`,
      'Thứ Ba 03/6/2025: 5 giờ làm việc',
      'Hạn: 14:00 Thứ Ba 03/6/2025',
    ]));

  test('a day and a half', () =>
    expect(vi('2025-06-05 09:00', days(1.5))).toEqual([
      'Tiếp nhận lúc 09:00 Thứ Năm 05/6/2025: tính từ lúc này',
      `Thứ Năm 05/6/2025: ${FIRST_DAY}`,
      'Thứ Sáu 06/6/2025: 1 ngày làm việc',
      'Thứ Bảy 07/6/2025 đến Chủ nhật 08/6/2025: nghỉ hằng tuần',
      'Thứ Hai 09/6/2025: 4 giờ làm việc',
      'Hạn: 11:00 Thứ Hai 09/6/2025',
    ]));

  test('calendar days that end on a day off, with a pause', () =>
    expect(
      vi('2025-06-02 09:00', calendarDays(10), ['pause', '2025-06-05 10:00'], ['resume', '2025-06-07 10:00']),
    ).toEqual([
      'Tiếp nhận lúc 09:00 Thứ Hai 02/6/2025: tính từ lúc này',
      `Thứ Hai 02/6/2025: ${FIRST_DAY}`,
      'Thứ Ba 03/6/2025 đến Thứ Năm 05/6/2025: 3 ngày',
      'Tạm dừng lúc 10:00 Thứ Năm 05/6/2025: còn lại 7 ngày',
      'Tiếp tục lúc 10:00 Thứ Bảy 07/6/2025: thời gian tạm dừng không tính, còn lại 7 ngày',
      `Thứ Bảy 07/6/2025: ${FIRST_DAY}`,
      'Chủ nhật 08/6/2025 đến Thứ Bảy 14/6/2025: 7 ngày',
      'Chủ nhật 15/6/2025: nghỉ hằng tuần',
      'Thứ Hai 16/6/2025: ngày làm việc tiếp theo, vì ngày cuối của thời hạn là ngày nghỉ (Bộ luật Dân sự 2015, Điều 148 khoản 5)',
      'Hạn: 17:00 Thứ Hai 16/6/2025',
    ]));

  test('a swap decided late in the year before', () =>
    expect(vi('2025-12-31 09:00', days(5)).slice(2)).toEqual([
      `Thứ Năm 01/01/2026: nghỉ Tết Dương lịch (nguồn: ${LABOUR_CODE} a)`,
      'Thứ Sáu 02/01/2026: nghỉ hoán đổi, làm bù Thứ Bảy 10/01/2026 (nguồn: Công văn 12729/VPCP-KGVX ngày 25/12/2025)',
      'Thứ Bảy 03/01/2026 đến Chủ nhật 04/01/2026: nghỉ hằng tuần',
      'Thứ Hai 05/01/2026 đến Thứ Sáu 09/01/2026: 5 ngày làm việc',
      'Hạn: 17:00 Thứ Sáu 09/01/2026',
    ]));

  test('Tết of a year without a decision, as the law has it and as it is expected', () =>
    expect(vi('2027-02-03 09:00', days(1)).slice(2, -2)).toEqual([
      `Thứ Năm 04/02/2027: nghỉ Tết Âm lịch (dự kiến: quyết định hằng năm chọn ngày này hoặc mùng 4) (nguồn: ${LABOUR_CODE} b)`,
      `Thứ Sáu 05/02/2027 đến Thứ Hai 08/02/2027: nghỉ Tết Âm lịch (nguồn: ${LABOUR_CODE} b)`,
      `Thứ Ba 09/02/2027: nghỉ bù Tết Âm lịch, trùng Thứ Bảy 06/02/2027 (nguồn: ${LABOUR_CODE} b và Điều 111 khoản 3)`,
      `Thứ Tư 10/02/2027: nghỉ bù Tết Âm lịch, trùng Chủ nhật 07/02/2027 (nguồn: ${LABOUR_CODE} b và Điều 111 khoản 3)`,
      'Thứ Năm 11/02/2027: 1 ngày làm việc',
    ]));

  test('a year without a table', () =>
    expect(vi('2026-12-31 09:00', days(1)).slice(2)).toEqual([
      `Thứ Sáu 01/01/2027: nghỉ Tết Dương lịch (nguồn: ${LABOUR_CODE} a)`,
      'Thứ Bảy 02/01/2027 đến Chủ nhật 03/01/2027: nghỉ hằng tuần',
      'Thứ Hai 04/01/2027: 1 ngày làm việc',
      'Năm 2027 chưa có quyết định về lịch nghỉ lễ, tết: hạn là tạm tính theo ngày nghỉ do luật định, sẽ tính lại khi có quyết định',
      'Hạn: 17:00 Thứ Hai 04/01/2027',
    ]));
});

test('in English, for programs, and with the source apart', () => {
  const explained = lines('2026-08-21 10:00', days(1));
  expect(explained).toEqual([
    expect.objectContaining({
      kind: 'received',
      en: 'Received at 10:00 Friday 21 August 2026: counts from this moment',
    }),
    expect.objectContaining({ kind: 'skipped', counted: null, from: '2026-08-21', to: '2026-08-21' }),
    {
      kind: 'counted',
      from: '2026-08-22',
      to: '2026-08-22',
      counted: days(1),
      source: 'Thông báo 9441/TB-BNV ngày 16/10/2025',
      vi: 'Thứ Bảy 22/8/2026: làm bù cho ngày 31/8/2026 (nguồn: Thông báo 9441/TB-BNV ngày 16/10/2025), 1 ngày làm việc',
      en: 'Saturday 22 August 2026: worked in place of 31 August 2026 (source: Thông báo 9441/TB-BNV ngày 16/10/2025), 1 working day',
    },
    expect.objectContaining({ kind: 'deadline', en: 'Deadline: 17:00 Saturday 22 August 2026' }),
  ]);
});

test('ends with the date that closes at midnight', () => {
  const night = [{ from: '20:00', to: '24:00' }];
  const calendar = calendarOf({ hours: [{ from: '2020-01-01', week: { friday: night } }] });
  const request = { receivedAt: vn('2025-06-06 14:00'), duration: hours(4) };
  expect(value(explainDeadline(calendar, request)).lines.slice(1)).toMatchObject([
    { kind: 'counted', from: '2025-06-06', to: '2025-06-06' },
    { kind: 'deadline', vi: 'Hạn: 00:00 Thứ Bảy 07/6/2025' },
  ]);
});

test('is refused like the deadline', () => {
  const request = { receivedAt: vn('2025-06-02 09:00'), duration: days(1) };
  const resumed = { ...request, events: [{ type: 'resume', at: vn('2025-06-02 10:00') }] as const };
  expect(reasonOf(explainDeadline(vietnamCalendar, resumed))).toBe('CLOCK_NOT_PAUSED');
  expect(reasonOf(explainDeadline(vietnamCalendar, { ...request, receivedAt: 0 }))).toBe('OUTSIDE_CALENDAR');
});

test('work that stays in the agency has no cutoff', () => {
  const within = (received: string) =>
    value(
      explainDeadline(vietnamCalendar, { receivedAt: vn(received), duration: days(0), reception: false }),
    );
  expect(within('2025-04-24 15:20').lines.map((line) => line.vi)).toEqual([
    'Tiếp nhận lúc 15:20 Thứ Năm 24/4/2025: tính từ lúc này',
    'Thứ Năm 24/4/2025: trong ngày',
    'Hạn: 17:00 Thứ Năm 24/4/2025',
  ]);
  expect(within('2025-04-24 17:30').lines[0]?.vi).toBe(
    'Tiếp nhận lúc 17:30 Thứ Năm 24/4/2025, ngoài giờ làm việc: tính từ 07:00 Thứ Sáu 25/4/2025',
  );
});
