/** How dates and moments are written for people (Vietnamese: NĐ 30/2020/NĐ-CP, phụ lục I, mục II.4). */
import { dateOfDay, dayOfDate, dayOfInstant, startOfDay, weekdayNumber } from '../time.ts';

const WEEKDAYS_VI = ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'];
const WEEKDAYS_EN = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS_EN = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

// Dates are YYYY-MM-DD, instants epoch milliseconds; both are written as of Vietnam.

/** The date of an instant. */
export const dayOf = (at: number): string => dateOfDay(dayOfInstant(at));

/** Day, month and year. Only days under 10 and the months 1 and 2 have a zero: no digit can be written before others. */
function partsOf(date: string): { day: string; month: string; year: string } {
  const [year = '', month = '', day = ''] = date.split('-');
  return { day, month: Number(month) > 2 ? String(Number(month)) : month, year };
}

const weekdayIn = (names: readonly string[], date: string): string =>
  names[weekdayNumber(dayOfDate(date))] as string;

/** "thứ Năm", "Chủ nhật". */
export const weekdayInWords = (date: string): string => weekdayIn(WEEKDAYS_VI, date);

/** "05/01/2026", "29/5/2025"; for tables. */
export function dateInFigures(date: string): string {
  const { day, month, year } = partsOf(date);
  return `${day}/${month}/${year}`;
}

/** "05 tháng 01 năm 2026", "12 tháng 3 năm 2026". */
export function dateInFull(date: string): string {
  const { day, month, year } = partsOf(date);
  return `${day} tháng ${month} năm ${year}`;
}

/** "ngày 05 tháng 01 năm 2026"; for the head of a paper. */
export const dateInWords = (date: string): string => `ngày ${dateInFull(date)}`;

/** "thứ Năm, ngày 29/5/2025"; within a sentence. */
export const dateInSentence = (date: string): string =>
  `${weekdayInWords(date)}, ngày ${dateInFigures(date)}`;

export const dayInFigures = (at: number): string => dateInFigures(dayOf(at));

export const dayInWords = (at: number): string => dateInWords(dayOf(at));

export const dayInSentence = (at: number): string => dateInSentence(dayOf(at));

/** "17:00". */
export const timeInFigures = (at: number): string =>
  new Date(at - startOfDay(dayOfInstant(at))).toISOString().slice(11, 16);

/** "17 giờ 00 phút". */
export function timeInWords(at: number): string {
  const [hour, minute] = timeInFigures(at).split(':');
  return `${hour} giờ ${minute} phút`;
}

/** "08 giờ 30 phút, ngày 05 tháng 01 năm 2026", as the forms print the moments that are filled in. */
export const momentInWords = (at: number): string => `${timeInWords(at)}, ${dayInWords(at)}`;

/** "17 giờ 00 phút, thứ Năm, ngày 29/5/2025"; within a sentence. */
export const momentInSentence = (at: number): string => `${timeInWords(at)}, ${dayInSentence(at)}`;

/** "29 May 2025". */
export function dateInEnglish(date: string): string {
  const [year, month, day] = date.split('-');
  return `${Number(day)} ${MONTHS_EN[Number(month) - 1]} ${year}`;
}

/** "Thursday". */
export const weekdayInEnglish = (date: string): string => weekdayIn(WEEKDAYS_EN, date);

/** Of a deadline in a year without a decision on its holidays. */
export const PROVISIONAL = '(tạm tính)';
