import { calendarBook } from '@lienthong/reference-data';
import { expect, test } from 'vitest';
import { nextTimeOfDay, openingAt, remindAt } from './times.ts';

/** The default office hours, 07:00–11:00 and 13:00–17:00, Monday to Friday. */
const calendar = calendarBook({ get: () => undefined, hoursRevision: () => 0 }).of('');
const vn = (local: string) => new Date(`${local}:00+07:00`);

test.each([
  ['2026-01-15T08:00', '2026-01-15T08:00'],
  ['2026-01-15T12:00', '2026-01-15T13:00'],
  ['2026-01-15T20:00', '2026-01-16T07:00'],
  ['2026-01-16T17:00', '2026-01-19T07:00'],
])('at %s the office opens %s', (at, opening) => {
  expect(openingAt(calendar, vn(at))).toEqual(vn(opening));
});

test('beyond the calendar a message is sent at night rather than never', () => {
  const far = new Date('2200-01-01T18:00:00Z');
  expect(openingAt(calendar, far)).toEqual(far);
});

test.each([
  ['2026-01-15T07:59', '2026-01-15T08:00'],
  ['2026-01-15T08:00', '2026-01-16T08:00'],
  ['2026-01-15T23:00', '2026-01-16T08:00'],
])('at %s the next 08:00 is %s', (now, next) => {
  expect(nextTimeOfDay(vn(now), '08:00')).toEqual(vn(next));
});

test.each([
  // Thursday: on Wednesday.
  ['2026-01-15', '2026-01-14T07:00'],
  // Monday: on Friday.
  ['2026-01-19', '2026-01-16T07:00'],
  // Saturday: on Friday.
  ['2026-01-17', '2026-01-16T07:00'],
])('the reminder of %s is due at %s', (dueOn, at) => {
  expect(remindAt(calendar, dueOn)).toEqual(vn(at));
});
