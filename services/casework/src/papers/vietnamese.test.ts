import { days, hours, minutes } from '@lienthong/working-time';
import { describe, expect, test } from 'vitest';
import {
  capitals,
  dateInWords,
  dayInFigures,
  dayInWords,
  durationInWords,
  momentInWords,
  placeOf,
} from './vietnamese.ts';

test('moments are written in words, in Vietnam’s time', () => {
  const at = Date.parse('2026-01-05T01:30:59Z');
  expect(momentInWords(at)).toBe('08 giờ 30 phút, ngày 05 tháng 01 năm 2026');
  expect(dayInFigures(at)).toBe('05/01/2026');
  const evening = Date.parse('2025-12-31T17:00:00Z');
  expect(momentInWords(evening)).toBe('00 giờ 00 phút, ngày 01 tháng 01 năm 2026');
  expect(dayInWords(evening - 1)).toBe('ngày 31 tháng 12 năm 2025');
});

test('only the months 1 and 2 carry a zero', () => {
  expect(dateInWords('2026-02-28')).toBe('ngày 28 tháng 02 năm 2026');
  expect(dateInWords('2026-03-09')).toBe('ngày 09 tháng 3 năm 2026');
  expect(dateInWords('2026-11-24')).toBe('ngày 24 tháng 11 năm 2026');
});

test.each([
  [days(15), '15 ngày làm việc'],
  [days(3), '03 ngày làm việc'],
  [days(0), 'trong ngày làm việc'],
  [hours(4), '04 giờ làm việc'],
  [minutes(90), '01 giờ 30 phút làm việc'],
  [minutes(45), '45 phút làm việc'],
  [minutes(0), '00 phút làm việc'],
])('a time limit %o', (duration, words) => {
  expect(durationInWords(duration)).toBe(words);
});

describe('the place of a paper', () => {
  test.each([
    [['Ủy ban nhân dân xã An Bình', 'Ủy ban nhân dân tỉnh Vĩnh Long'], 'An Bình'],
    [['Sở Tài chính', 'Ủy ban nhân dân tỉnh Vĩnh Long'], 'Vĩnh Long'],
    [['Ủy ban nhân dân thành phố Hồ Chí Minh'], 'Hồ Chí Minh'],
    [['Ủy ban nhân dân phường 1'], 'Phường 1'],
    [['Ủy ban nhân dân thị trấn Cái Nhum'.normalize('NFD')], 'Cái Nhum'],
    [['Văn phòng Chính phủ'], ''],
    [[], ''],
  ])('%j', (names, place) => {
    expect(placeOf(names)).toBe(place);
  });
});

test('capitals keep their marks', () => {
  expect(capitals('Ủy ban nhân dân xã Đường Ngỡ')).toBe('ỦY BAN NHÂN DÂN XÃ ĐƯỜNG NGỠ');
});
