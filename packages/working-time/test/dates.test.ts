import { expect, test } from 'vitest';
import {
  dateInEnglish,
  dateInWords,
  dayInFigures,
  dayInSentence,
  dayInWords,
  momentInSentence,
  momentInWords,
  weekdayInEnglish,
} from '../src/index.ts';

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

test('English dates', () => {
  expect(`${weekdayInEnglish('2026-03-09')}, ${dateInEnglish('2026-03-09')}`).toBe('Monday, 9 March 2026');
});
