import { expect, test } from 'vitest';
import { dateText, momentText } from '../app/src/text/dates.ts';
import { nearnessOf } from '../app/src/text/deadline.ts';

const at = (text: string) => new Date(`${text}:00+07:00`);
/** A Wednesday. */
const NOW = at('2026-06-03T09:30');

test.each([
  ['2026-06-05T17:00', { kind: 'days', days: 2 }],
  // Over a weekend.
  ['2026-06-08T08:00', { kind: 'days', days: 3 }],
  ['2026-06-06T12:00', { kind: 'days', days: 2 }],
  ['2026-06-03T17:00', { kind: 'hours', hours: 7, minutes: 30 }],
  ['2026-06-03T09:30', { kind: 'late-hours', hours: 0 }],
  ['2026-06-03T07:00', { kind: 'late-hours', hours: 2 }],
  ['2026-05-29T17:00', { kind: 'late-days', days: 3 }],
])('%s is %j away from Wednesday morning', (due, nearness) => {
  expect(nearnessOf(at(due), NOW)).toEqual(nearness);
});

test('a holiday is no working day', () => {
  const isWorkday = (date: string) => date !== '2026-06-04';
  expect(nearnessOf(at('2026-06-05T17:00'), NOW, isWorkday)).toEqual({ kind: 'days', days: 1 });
});

test('dates are of Vietnam and written as the decree writes them', () => {
  expect(momentText(at('2026-06-03T17:00'), 'vi', NOW)).toBe('17:00 Thứ Tư 03/6');
  // 00:30 in Vietnam, the day before in UTC.
  expect(momentText(at('2026-02-05T00:30'), 'vi', NOW)).toBe('00:30 Thứ Năm 05/02');
  expect(dateText('2025-12-15', 'vi', NOW)).toBe('15/12/2025');
  expect(momentText(at('2026-06-03T17:00'), 'en', NOW)).toBe('17:00 Wed 3 Jun');
});
