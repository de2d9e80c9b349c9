import { calendarDays, days, hours, minutes } from '@lienthong/working-time';
import { expect, test } from 'vitest';
import {
  dateInWords,
  dayInFigures,
  dayInSentence,
  dayInWords,
  durationInWords,
  momentInSentence,
  momentInWords,
} from './moments.ts';

test('moments are written in words, in Vietnam’s time', () => {
  const at = Date.parse('2026-01-05T01:30:59Z');
  expect(momentInWords(at)).toBe('08 giờ 30 phút, ngày 05 tháng 01 năm 2026');
  expect(dayInFigures(at)).toBe('05/01/2026');
  const evening = Date.parse('2025-12-31T17:00:00Z');
  expect(momentInWords(evening)).toBe('00 giờ 00 phút, ngày 01 tháng 01 năm 2026');
  expect(dayInWords(evening - 1)).toBe('ngày 31 tháng 12 năm 2025');
});

test('within a sentence, a date has its day of the week', () => {
  const at = Date.parse('2025-05-29T10:00:59Z');
  expect(dayInSentence(at)).toBe('thứ Năm, ngày 29/5/2025');
  expect(momentInSentence(at)).toBe('17 giờ 00 phút, thứ Năm, ngày 29/5/2025');
  expect(dayInSentence(Date.parse('2026-02-28T17:00:00Z'))).toBe('Chủ nhật, ngày 01/3/2026');
});

test('only the months 1 and 2 carry a zero', () => {
  expect(dateInWords('2026-02-28')).toBe('ngày 28 tháng 02 năm 2026');
  expect(dateInWords('2026-03-09')).toBe('ngày 09 tháng 3 năm 2026');
  expect(dateInWords('2026-11-24')).toBe('ngày 24 tháng 11 năm 2026');
  expect(dayInFigures(Date.parse('2026-03-09T05:00:00Z'))).toBe('09/3/2026');
});

test.each([
  [days(15), '15 ngày làm việc'],
  [days(3), '03 ngày làm việc'],
  [days(1.5), '1,5 ngày làm việc'],
  [days(0), 'trong ngày làm việc'],
  [calendarDays(10), '10 ngày'],
  [calendarDays(0), 'trong ngày làm việc'],
  [hours(4), '04 giờ làm việc'],
  [minutes(90), '01 giờ 30 phút làm việc'],
  [minutes(45), '45 phút làm việc'],
  [minutes(0), '00 phút làm việc'],
])('a time limit %o', (duration, words) => {
  expect(durationInWords(duration)).toBe(words);
});
