import { describe, expect, test } from 'vitest';
import {
  addDays,
  addHours,
  type ClockEvent,
  calendarDays,
  type Duration,
  days,
  deadline,
  halfDays,
  hours,
  left,
  minutes,
  start,
  subtractDays,
  vietnamCalendar,
} from '../src/index.ts';
import { reasonOf, shown, value, vn } from './support.ts';

const event = (text: string): ClockEvent => {
  const [type = '', ...moment] = text.split(' ');
  return { type: type as ClockEvent['type'], at: vn(moment.join(' ')) };
};

const run = (received: string, duration: Duration, events: string[]) =>
  deadline(vietnamCalendar, { receivedAt: vn(received), duration, events: events.map(event) });

/** Monday 2 June 2025 opens a month without holidays. */
const MONDAY = '2025-06-02 09:00';

describe('the deadline', () => {
  test.each<[string, Duration, string[], string]>([
    ['without events', days(5), [], '2025-06-09 17:00'],
    [
      'paused within a day',
      days(5),
      ['pause 2025-06-04 10:00', 'resume 2025-06-04 16:00'],
      '2025-06-09 17:00',
    ],
    [
      'paused for two days',
      days(5),
      ['pause 2025-06-04 10:00', 'resume 2025-06-06 08:00'],
      '2025-06-11 17:00',
    ],
    [
      'paused over a weekend',
      days(5),
      ['pause 2025-06-07 10:00', 'resume 2025-06-09 07:00'],
      '2025-06-09 17:00',
    ],
    [
      'paused on the first day',
      days(1),
      ['pause 2025-06-02 10:00', 'resume 2025-06-03 10:00'],
      '2025-06-04 17:00',
    ],
    [
      'paused in the last minute',
      days(1),
      ['pause 2025-06-03 17:00', 'resume 2025-06-05 17:00'],
      '2025-06-05 17:00',
    ],
    [
      'paused twice',
      days(3),
      [
        'pause 2025-06-03 10:00',
        'resume 2025-06-04 10:00',
        'pause 2025-06-05 10:00',
        'resume 2025-06-06 10:00',
      ],
      '2025-06-09 17:00',
    ],
    ['in hours', hours(16), [], '2025-06-04 09:00'],
    [
      'in hours, paused',
      hours(16),
      ['pause 2025-06-03 10:00', 'resume 2025-06-05 14:00'],
      '2025-06-06 11:00',
    ],
    [
      'paused before it starts',
      hours(4),
      ['pause 2025-06-02 09:00', 'resume 2025-06-02 09:00'],
      '2025-06-02 15:00',
    ],
    ['restarted', days(3), ['restart 2025-06-04 10:00'], '2025-06-09 17:00'],
    ['restarted after the cutoff', days(3), ['restart 2025-06-04 15:00:01'], '2025-06-10 17:00'],
    [
      'restarted from a pause',
      days(3),
      ['pause 2025-06-03 10:00', 'restart 2025-06-16 10:00'],
      '2025-06-19 17:00',
    ],
    [
      'missed, then paused',
      days(1),
      ['pause 2025-06-04 10:00', 'resume 2025-06-16 10:00'],
      '2025-06-03 17:00',
    ],
    [
      'missed, paused, and given again',
      days(1),
      ['pause 2025-06-04 10:00', 'restart 2025-06-16 10:00'],
      '2025-06-17 17:00',
    ],
  ])('%s', (_, duration, events, expected) => {
    const clock = value(run(MONDAY, duration, events));
    expect(clock.state === 'running' && shown(clock.deadline)).toBe(expected);
  });

  test('of what was received late, paused before the clock starts', () => {
    const events = ['pause 2025-06-02 16:00', 'resume 2025-06-02 16:30'];
    const clock = value(run('2025-06-02 15:30', hours(2), events));
    expect(clock.state === 'running' && shown(clock.deadline)).toBe('2025-06-03 09:00');
  });

  test('a paused clock has none, and keeps what is left', () => {
    expect(value(run(MONDAY, days(5), ['pause 2025-06-04 10:00']))).toEqual({
      state: 'paused',
      duration: days(5),
      receivedAt: vn(MONDAY),
      since: vn('2025-06-04 10:00'),
      countsFrom: vn(MONDAY),
      remaining: days(3),
      missed: null,
    });
    expect(value(run(MONDAY, hours(16), ['pause 2025-06-03 10:00'])).remaining).toEqual(hours(7));
    expect(value(run(MONDAY, days(1), ['pause 2025-06-04 10:00']))).toMatchObject({
      remaining: days(0),
      missed: vn('2025-06-03 17:00'),
    });
  });

  test('stays provisional when a pause ends in a year with a table', () => {
    const events = ['pause 2023-12-29 10:00', 'resume 2024-01-02 10:00'];
    expect(value(run('2023-12-28 09:00', days(3), events))).toMatchObject({ uncertainYears: [2023] });
  });
});

describe('work that stays in its agency', () => {
  test.each<[string, string, Duration, string]>([
    ['at closing time belongs to that day', '2025-06-02 17:00', days(1), '2025-06-03 17:00'],
    ['at closing time has nothing left of it', '2025-06-02 17:00', hours(1), '2025-06-03 08:00'],
    ['at the end of the morning', '2025-06-02 11:00', hours(1), '2025-06-02 14:00'],
    ['after closing time belongs to the next', '2025-06-02 17:00:01', days(1), '2025-06-04 17:00'],
    ['after the cutoff', '2025-06-02 15:30', days(1), '2025-06-03 17:00'],
  ])('%s', (_, received, duration, expected) => {
    const clock = value(start(vietnamCalendar, vn(received), duration, false));
    expect(shown(clock.deadline)).toBe(expected);
  });
});

describe('what is left', () => {
  test.each<[Duration, string, Duration]>([
    [days(5), '2025-06-01 09:00', days(5)],
    [days(5), '2025-06-02 16:00', days(5)],
    [days(5), '2025-06-04 07:00', days(3)],
    [days(5), '2025-06-07 09:00', days(0)],
    [days(5), '2025-06-20 09:00', days(0)],
    [hours(16), '2025-06-02 09:00', hours(16)],
    [hours(16), '2025-06-03 10:00', hours(7)],
    [hours(16), '2025-06-20 10:00', hours(0)],
  ])('of %j at %s', (duration, at, expected) => {
    const clock = value(start(vietnamCalendar, vn(MONDAY), duration));
    expect(left(vietnamCalendar, clock, vn(at))).toEqual(expected);
  });
});

describe('refused', () => {
  test.each([
    ['CLOCK_ALREADY_PAUSED', ['pause 2025-06-03 10:00', 'pause 2025-06-03 11:00']],
    ['CLOCK_NOT_PAUSED', ['resume 2025-06-03 10:00']],
    ['CLOCK_NOT_PAUSED', ['pause 2025-06-03 10:00', 'restart 2025-06-03 11:00', 'resume 2025-06-03 12:00']],
    ['CLOCK_BACKWARDS', ['pause 2025-06-02 08:59:59']],
    ['CLOCK_BACKWARDS', ['pause 2025-06-03 10:00', 'resume 2025-06-03 09:59:59']],
    ['CLOCK_BACKWARDS', ['pause 2025-06-03 10:00', 'restart 2025-06-03 09:59:59']],
    ['CLOCK_BACKWARDS', ['pause 2025-06-03 10:00', 'resume 2025-06-03 11:00', 'pause 2025-06-03 10:59']],
    ['OUTSIDE_CALENDAR', ['pause 2040-06-03 10:00']],
    ['OUTSIDE_CALENDAR', ['restart 2036-12-31 16:00']],
  ])('%s: %j', (reason, events) => expect(reasonOf(run(MONDAY, days(5), events))).toBe(reason));

  test('a reception or a duration outside the calendar', () => {
    expect(reasonOf(run('2018-06-04 10:00', days(5), []))).toBe('OUTSIDE_CALENDAR');
    expect(reasonOf(run(MONDAY, days(100_000), []))).toBe('OUTSIDE_CALENDAR');
    expect(reasonOf(run(MONDAY, hours(1_000_000), []))).toBe('OUTSIDE_CALENDAR');
    const events = [{ type: 'pause', at: Number.NaN }] as const;
    expect(reasonOf(deadline(vietnamCalendar, { receivedAt: vn(MONDAY), duration: days(5), events }))).toBe(
      'OUTSIDE_CALENDAR',
    );
  });

  test.each([
    () => days(-1),
    () => days(0.25),
    () => halfDays(0.5),
    () => calendarDays(0.5),
    () => calendarDays(-1),
    () => addDays(vietnamCalendar, vn(MONDAY), 0.5),
    () => days(Number.NaN),
    () => hours(-1),
    () => hours(0.001),
    () => hours(Number.POSITIVE_INFINITY),
    () => minutes(0.5),
    () => minutes(1.000005),
    () => addDays(vietnamCalendar, vn(MONDAY), -1),
    () => addHours(vietnamCalendar, vn(MONDAY), -1),
    () => subtractDays(vietnamCalendar, vn(MONDAY), 1.5),
    () => deadline(vietnamCalendar, { receivedAt: vn(MONDAY), duration: { unit: 'hours', ms: -1 } }),
    () => deadline(vietnamCalendar, { receivedAt: vn(MONDAY), duration: { unit: 'hours', ms: Number.NaN } }),
  ])('an amount that is none: %s', (wrong) => expect(wrong).toThrow(RangeError));

  test('tenths of hours are exact minutes', () => {
    expect(hours(0.1)).toEqual(minutes(6));
    // 0.55 h is 1980000.0000000002 ms in binary.
    expect(hours(0.55)).toEqual(minutes(33));
  });
});
