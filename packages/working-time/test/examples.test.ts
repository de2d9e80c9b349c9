import { describe, expect, test } from 'vitest';
import {
  addHours,
  calendarDays,
  type Duration,
  days,
  deadline,
  halfDays,
  hours,
  minutes,
  startOfClock,
  subtractDays,
  vietnamCalendar,
} from '../src/index.ts';
import { shown, value, vn } from './support.ts';

describe('the clock starts', () => {
  test.each([
    // Seconds around the cutoff, on an ordinary Tuesday.
    ['2025-04-22 14:59:59', '2025-04-22 14:59:59'],
    ['2025-04-22 15:00', '2025-04-22 15:00'],
    ['2025-04-22 15:00:00.001', '2025-04-23 07:00'],
    ['2025-04-22 15:00:01', '2025-04-23 07:00'],
    // Outside office hours of a working day.
    ['2025-04-22 00:00', '2025-04-22 07:00'],
    ['2025-04-22 06:59:59', '2025-04-22 07:00'],
    ['2025-04-22 07:00', '2025-04-22 07:00'],
    ['2025-04-22 10:59:59', '2025-04-22 10:59:59'],
    ['2025-04-22 11:00', '2025-04-22 13:00'],
    ['2025-04-22 12:30', '2025-04-22 13:00'],
    ['2025-04-22 17:00', '2025-04-23 07:00'],
    ['2025-04-22 23:59:59', '2025-04-23 07:00'],
    // Tết 2025: 27 to 31 January, between two weekends.
    ['2025-01-24 15:00', '2025-01-24 15:00'],
    ['2025-01-24 15:00:01', '2025-02-03 07:00'],
    ['2025-01-29 09:00', '2025-02-03 07:00'],
    // Tết 2026: 16 to 20 February.
    ['2026-02-13 14:59:59', '2026-02-13 14:59:59'],
    ['2026-02-13 15:00:01', '2026-02-23 07:00'],
    ['2026-02-16 09:00', '2026-02-23 07:00'],
    // 30/4/2025 with the swapped Saturday 26/4.
    ['2025-04-25 15:00:01', '2025-04-26 07:00'],
    ['2025-04-26 09:00', '2025-04-26 09:00'],
    ['2025-04-26 15:00:01', '2025-04-28 07:00'],
    ['2025-04-29 15:00:01', '2025-05-05 07:00'],
    ['2025-05-02 09:00', '2025-05-05 07:00'],
    // 2/9 in both years, with the swapped Saturday 22/8/2026.
    ['2025-08-29 15:00:01', '2025-09-03 07:00'],
    ['2026-08-21 15:00:01', '2026-08-22 07:00'],
    ['2026-08-22 15:00', '2026-08-22 15:00'],
    ['2026-08-22 15:00:01', '2026-08-24 07:00'],
    ['2026-08-28 15:00:01', '2026-09-03 07:00'],
    // 24/11 is a holiday from 2026 on.
    ['2025-11-24 09:00', '2025-11-24 09:00'],
    ['2026-11-23 15:00:01', '2026-11-25 07:00'],
    ['2026-11-24 09:00', '2026-11-25 07:00'],
    // Over the new year.
    ['2025-12-31 15:00:01', '2026-01-05 07:00'],
    ['2026-01-09 15:00:01', '2026-01-10 07:00'],
    // 30/4/2024 with the swapped Saturday 4/5.
    ['2024-04-26 15:00:01', '2024-05-02 07:00'],
    ['2024-05-03 15:00:01', '2024-05-04 07:00'],
  ])('of what is received %s at %s', (received, expected) =>
    expect(shown(startOfClock(vietnamCalendar, vn(received)))).toBe(expected),
  );
});

describe('a deadline', () => {
  test.each<[string, string, Duration, string]>([
    ['an ordinary week', '2025-06-02 09:00', days(3), '2025-06-05 17:00'],
    ['within the day', '2025-04-22 15:00', days(0), '2025-04-22 17:00'],
    ['within the day, one second late', '2025-04-22 15:00:01', days(0), '2025-04-23 17:00'],
    ['over a weekend', '2025-06-05 09:00', days(2), '2025-06-09 17:00'],
    ['Tết 2025', '2025-01-23 09:00', days(3), '2025-02-04 17:00'],
    ['the last second before Tết 2025', '2025-01-24 15:00', days(1), '2025-02-03 17:00'],
    ['one second later', '2025-01-24 15:00:01', days(1), '2025-02-04 17:00'],
    ['Tết 2026', '2026-02-13 10:00', days(2), '2026-02-24 17:00'],
    ['Tết 2026, late', '2026-02-13 15:00:01', days(2), '2026-02-25 17:00'],
    ["the Hung Kings' day 2025", '2025-04-04 10:00', days(1), '2025-04-08 17:00'],
    ["the Hung Kings' day in lieu and 30/4/2026", '2026-04-24 10:00', days(3), '2026-05-04 17:00'],
    ['a worked Saturday counts', '2025-04-25 10:00', days(3), '2025-04-29 17:00'],
    ['30/4/2025', '2025-04-25 10:00', days(4), '2025-05-05 17:00'],
    ['2/9/2025', '2025-08-28 10:00', days(2), '2025-09-03 17:00'],
    ['ends on a worked Saturday', '2026-08-21 10:00', days(1), '2026-08-22 17:00'],
    ['2/9/2026', '2026-08-21 10:00', days(7), '2026-09-03 17:00'],
    ['Tết 2024', '2024-02-07 10:00', days(1), '2024-02-15 17:00'],
    ['2/9/2024', '2024-08-30 10:00', days(1), '2024-09-04 17:00'],
    ['ends on the worked Saturday of January 2026', '2025-12-31 10:00', days(6), '2026-01-10 17:00'],
    ['24/11/2026', '2026-11-20 10:00', days(2), '2026-11-25 17:00'],
    ['24/11/2025 is worked', '2025-11-21 10:00', days(2), '2025-11-25 17:00'],

    ['half a day', '2025-06-02 09:00', halfDays(1), '2025-06-02 15:00'],
    ['a day and a half', '2025-06-02 09:00', halfDays(3), '2025-06-04 11:00'],
    ['two days and a half over a weekend', '2025-06-05 09:00', days(2.5), '2025-06-10 11:00'],
    ['two days in halves', '2025-06-02 09:00', halfDays(4), '2025-06-04 17:00'],
    ['calendar days', '2025-06-02 09:00', calendarDays(3), '2025-06-05 17:00'],
    ['calendar days over a weekend', '2025-06-05 09:00', calendarDays(5), '2025-06-10 17:00'],
    ['calendar days that end at a weekend', '2025-06-02 09:00', calendarDays(5), '2025-06-09 17:00'],
    ['calendar days that end in Tết', '2026-02-06 09:00', calendarDays(12), '2026-02-23 17:00'],
    ['calendar days that end on a worked Saturday', '2026-08-17 09:00', calendarDays(5), '2026-08-22 17:00'],
    ['calendar days, late', '2025-06-06 15:00:01', calendarDays(1), '2025-06-10 17:00'],
    ['within the calendar day', '2025-06-06 09:00', calendarDays(0), '2025-06-06 17:00'],

    ['a whole day in hours', '2025-04-22 07:00', hours(8), '2025-04-22 17:00'],
    ['over the lunch break and the night', '2025-04-22 09:00', hours(8), '2025-04-23 09:00'],
    ['ends with the morning', '2025-04-22 09:00', hours(2), '2025-04-22 11:00'],
    ['received at noon', '2025-04-22 12:00', hours(1), '2025-04-22 14:00'],
    ['keeps its seconds', '2025-04-22 14:59:59', hours(4), '2025-04-23 08:59:59'],
    ['no hours at all', '2025-04-22 12:00', hours(0), '2025-04-22 13:00'],
    ['hours over Tết 2025', '2025-01-24 14:00', hours(4), '2025-02-03 08:00'],
    ['to closing time before Tết 2026', '2026-02-13 14:30', hours(2.5), '2026-02-13 17:00'],
    ['a quarter of an hour longer', '2026-02-13 14:30', hours(2.75), '2026-02-23 07:15'],
    ['a minute longer', '2026-02-13 14:30', minutes(151), '2026-02-23 07:01'],
    ['hours on a worked Saturday', '2025-04-25 15:00', hours(10), '2025-04-26 17:00'],
    ['half an hour more', '2025-04-25 15:00', hours(10.5), '2025-04-28 07:30'],
    ['hours, late before 2/9/2026', '2026-08-28 16:00', hours(1), '2026-09-03 08:00'],
    ['hours over 24/11/2026', '2026-11-23 14:00', hours(4), '2026-11-25 08:00'],
  ])('%s: %s', (_, received, duration, expected) => {
    const clock = value(deadline(vietnamCalendar, { receivedAt: vn(received), duration }));
    expect(clock.state === 'running' && shown(clock.deadline)).toBe(expected);
  });
});

describe('at least one working day before', () => {
  test.each([
    ['2025-06-05 17:00', '2025-06-04 17:00'],
    ['2025-06-05 10:00', '2025-06-04 17:00'],
    ['2025-06-09 17:00', '2025-06-06 17:00'],
    ['2025-05-05 17:00', '2025-04-29 17:00'],
    ['2025-04-28 17:00', '2025-04-26 17:00'],
    ['2026-02-23 10:00', '2026-02-13 17:00'],
    ['2026-11-25 17:00', '2026-11-23 17:00'],
  ])('%s is %s at the latest', (deadline, expected) =>
    expect(shown(subtractDays(vietnamCalendar, vn(deadline), 1))).toBe(expected),
  );
});

test('hours end at closing time when added to the end of earlier ones', () => {
  const closing = addHours(vietnamCalendar, vn('2025-04-22 15:00'), 2);
  expect(shown(closing)).toBe('2025-04-22 17:00');
  expect(addHours(vietnamCalendar, closing, 0)).toBe(closing);
  expect(shown(addHours(vietnamCalendar, closing, 1))).toBe('2025-04-23 08:00');
});
