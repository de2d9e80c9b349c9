import { calendarDays, days, hours, minutes } from '@lienthong/working-time';
import { expect, test } from 'vitest';
import { durationInWords } from './durations.ts';

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
