import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  days,
  deadline,
  HOUR_MS,
  isWorking,
  OutsideCalendarError,
  startOfClock,
  VIETNAM_YEARS,
  vietnamCalendar,
  workingDaysBetween,
  workingMsBetween,
} from '../src/index.ts';
import { calendarOf, instant, shown, value, vn } from './support.ts';

const OFF: Record<number, string[]> = {
  2024: [
    '01-01',
    '02-08',
    '02-09',
    '02-12',
    '02-13',
    '02-14',
    '04-18',
    '04-29',
    '04-30',
    '05-01',
    '09-02',
    '09-03',
  ],
  2025: [
    '01-01',
    '01-27',
    '01-28',
    '01-29',
    '01-30',
    '01-31',
    '04-07',
    '04-30',
    '05-01',
    '05-02',
    '09-01',
    '09-02',
  ],
  2026: [
    '01-01',
    '01-02',
    '02-16',
    '02-17',
    '02-18',
    '02-19',
    '02-20',
    '04-27',
    '04-30',
    '05-01',
    '08-31',
    '09-01',
    '09-02',
    '11-24',
  ],
};
const WORKED_SATURDAYS = ['2024-05-04', '2025-04-26', '2026-01-10', '2026-08-22'];

function isWorkingDate(date: Temporal.PlainDate): boolean {
  if (WORKED_SATURDAYS.includes(date.toString())) return true;
  return date.dayOfWeek <= 5 && !OFF[date.year]?.includes(date.toString().slice(5));
}

describe.each([2024, 2025, 2026])('the table of %i', (year) => {
  const first = Temporal.PlainDate.from(`${year}-01-01`);
  const dates = Array.from({ length: first.daysInYear }, (_, i) => first.add({ days: i }));

  const openAt = (times: string[]) =>
    dates
      .filter((date) => times.some((time) => isWorking(vietnamCalendar, vn(`${date} ${time}`))))
      .map(String);

  test('is open from 07:00 to 11:00 and from 13:00 to 17:00 on working dates', () => {
    const expected = dates.filter(isWorkingDate).map(String);
    for (const time of ['07:00', '10:59:59.999', '13:00', '16:59:59.999']) {
      expect(openAt([time])).toEqual(expected);
    }
  });

  test('is closed on all dates at all other times', () =>
    expect(openAt(['00:00', '06:59:59.999', '11:00', '12:59:59.999', '17:00', '23:59:59.999'])).toEqual([]));

  test('names a source for every date', () => {
    const { overrides } = VIETNAM_YEARS.find((table) => table.year === year) ?? { overrides: [] };
    expect(overrides.length).toBeGreaterThan(0);
    for (const { source } of overrides) expect(source).toMatch(/\d+\/(\d{4}\/QH\d+|TB-|VPCP-)/);
  });
});

test('working time agrees with counting dates one by one', () => {
  const SPANS = [
    [7, 11],
    [13, 17],
  ] as const;
  const counted = (a: number, b: number): number => {
    let ms = 0;
    for (let date = day(a); Temporal.PlainDate.compare(date, day(b)) <= 0; date = date.add({ days: 1 })) {
      if (!isWorkingDate(date)) continue;
      const midnight = vn(`${date}`);
      for (const [from, to] of SPANS) {
        ms += Math.max(0, Math.min(b, midnight + to * HOUR_MS) - Math.max(a, midnight + from * HOUR_MS));
      }
    }
    return ms;
  };
  const day = (at: number) => Temporal.PlainDate.from(shown(at).slice(0, 10));
  fc.assert(
    fc.property(instant, fc.integer({ min: 0, max: 60 * 86_400_000 }), (a, length) => {
      const b = Math.min(a + length, vn('2026-12-31 23:59'));
      fc.pre(b >= a);
      expect(workingMsBetween(vietnamCalendar, a, b)).toBe(counted(a, b));
    }),
  );
});

describe('a year without a table', () => {
  const uncertain = (received: string, count: number) => {
    const clock = value(deadline(vietnamCalendar, { receivedAt: vn(received), duration: days(count) }));
    return clock.state === 'running' && [shown(clock.deadline), ...clock.uncertainYears];
  };

  test.each([
    ['2026-12-28 09:00', 3, ['2026-12-31 17:00']],
    ['2026-12-28 09:00', 4, ['2027-01-04 17:00', 2027]],
    ['2023-12-29 09:00', 1, ['2024-01-02 17:00', 2023]],
    ['2026-12-28 09:00', 300, ['2028-03-16 17:00', 2027, 2028]],
    ['2023-05-31 09:00', 1, ['2023-06-01 17:00', 2023]],
    // Friday 30 April is a holiday; Monday 3 May is in lieu of Saturday 1 May.
    ['2027-04-29 09:00', 1, ['2027-05-04 17:00', 2027]],
    // Over Tết of 2027.
    ['2026-11-27 09:00', 60, ['2027-03-01 17:00', 2027]],
    ['2026-11-27 15:01', 60, ['2027-03-02 17:00', 2027]],
  ])('is explained: %s and %i days', (received, count, expected) =>
    expect(uncertain(received, count)).toEqual(expected),
  );

  test('a table decides alone', () => {
    const calendar = calendarOf({ years: [{ year: 2025, overrides: [] }] });
    expect(isWorking(calendar, vn('2025-05-01 09:00'))).toBe(true);
    expect(isWorking(calendar, vn('2026-05-01 09:00'))).toBe(false);
  });
});

describe('rules change from a date on', () => {
  const morning = [{ from: '07:30', to: '11:30' }];
  const calendar = calendarOf({
    hours: [
      { from: '2020-01-01', week: { monday: [{ from: '07:00', to: '11:00' }], tuesday: morning } },
      { from: '2025-07-01', week: { monday: morning, tuesday: morning, saturday: morning } },
    ],
    cutoffs: [
      { from: '2021-01-01', at: '10:00', source: 'luật' },
      { from: '2025-07-01', at: null, source: 'luật' },
    ],
  });

  test.each([
    // Before the first cutoff, under it, after its end.
    ['2020-12-28 10:30', '2020-12-28 10:30'],
    ['2025-06-23 10:00', '2025-06-23 10:00'],
    ['2025-06-23 10:00:01', '2025-06-24 07:30'],
    ['2025-07-01 10:30', '2025-07-01 10:30'],
    // Opening hours of before and after.
    ['2025-06-30 06:00', '2025-06-30 07:00'],
    ['2025-07-05 06:00', '2025-07-05 07:30'],
    ['2025-07-07 06:00', '2025-07-07 07:30'],
  ])('%s: %s', (received, expected) => expect(shown(startOfClock(calendar, vn(received)))).toBe(expected));
});

test('an agency may close at midnight', () => {
  const calendar = calendarOf({
    hours: [{ from: '2020-01-01', week: { friday: [{ from: '20:00', to: '24:00' }] } }],
  });
  const end = addDays(calendar, vn('2025-06-06 21:00'), 1);
  expect(shown(end)).toBe('2025-06-14 00:00');
  expect(workingDaysBetween(calendar, vn('2025-06-06 21:00'), end)).toBe(1);
});

test('a swap concerns an agency only when it works on the weekday that is made up for', () => {
  const morning = [{ from: '07:00', to: '11:00' }];
  const calendar = calendarOf({
    hours: [{ from: '2020-01-01', week: { monday: morning, saturday: [{ from: '08:00', to: '09:00' }] } }],
  });
  // Friday 2 May 2025 is no loss to it; Monday 31 August 2026 is.
  expect(isWorking(calendar, vn('2025-04-26 07:30'))).toBe(false);
  expect(isWorking(calendar, vn('2025-04-26 08:30'))).toBe(true);
  expect(isWorking(calendar, vn('2026-08-22 10:30'))).toBe(true);
});

describe('outside the horizon', () => {
  test.each([vn('2018-12-31 23:59:59'), vn('2037-01-01'), Number.NaN, Number.POSITIVE_INFINITY])(
    '%s',
    (at) => {
      expect(() => isWorking(vietnamCalendar, at)).toThrow(OutsideCalendarError);
      expect(() => workingMsBetween(vietnamCalendar, vn('2025-01-01'), at)).toThrow('2019 to 2036');
    },
  );

  test('an answer is refused, not guessed', () => {
    expect(() => addDays(vietnamCalendar, vn('2036-12-31 09:00'), 1)).toThrow(OutsideCalendarError);
    expect(() => startOfClock(vietnamCalendar, vn('2036-12-31 17:00'))).toThrow(OutsideCalendarError);
  });
});
