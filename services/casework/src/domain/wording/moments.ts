/** How dates, moments and lengths of time are written (NĐ 30/2020/NĐ-CP, phụ lục I, mục II.4). */
import { vietnamDate, vietnamTime } from '@lienthong/kit';
import type { Duration } from '@lienthong/working-time';

const WEEKDAYS = ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'];

const two = (n: number): string => String(n).padStart(2, '0');

/** Day, month and year. Only days under 10 and the months 1 and 2 carry a zero: no digit can be written before others. */
function partsOf(date: string): { day: string; month: string; year: string } {
  const [year = '', month = '', day = ''] = date.split('-');
  return { day, month: Number(month) > 2 ? String(Number(month)) : month, year };
}

/** A calendar date, YYYY-MM-DD: "ngày 05 tháng 01 năm 2026", "ngày 12 tháng 3 năm 2026"; for the head of a paper. */
export function dateInWords(date: string): string {
  const { day, month, year } = partsOf(date);
  return `ngày ${day} tháng ${month} năm ${year}`;
}

/** Epoch milliseconds as a date in Vietnam. */
export const dayOf = (at: number): string => vietnamDate(new Date(at));

export const dayInWords = (at: number): string => dateInWords(dayOf(at));

/** "08 giờ 30 phút, ngày 05 tháng 01 năm 2026", as the forms print the moments that are filled in. */
export const momentInWords = (at: number): string => `${timeOf(at)}, ${dayInWords(at)}`;

/** "05/01/2026", "29/5/2025"; for tables. */
export function dayInFigures(at: number): string {
  const { day, month, year } = partsOf(dayOf(at));
  return `${day}/${month}/${year}`;
}

/** "thứ Năm, ngày 29/5/2025"; within a sentence. */
export const dayInSentence = (at: number): string =>
  `${WEEKDAYS[new Date(dayOf(at)).getUTCDay()]}, ngày ${dayInFigures(at)}`;

/** "17 giờ 00 phút, thứ Năm, ngày 29/5/2025"; within a sentence. */
export const momentInSentence = (at: number): string => `${timeOf(at)}, ${dayInSentence(at)}`;

/** Of a deadline in a year without a decision on its holidays. */
export const PROVISIONAL = '(tạm tính)';

/** A deadline on a paper, with the reason why it is provisional. */
export const dueOnPaper = (write: (at: number) => string, dueAt: number, provisional = false): string =>
  provisional
    ? `${write(dueAt)} (tạm tính, được tính lại khi có quyết định về lịch nghỉ lễ, tết của năm)`
    : write(dueAt);

function timeOf(at: number): string {
  const [hour, minute] = vietnamTime(new Date(at)).split(':');
  return `${hour} giờ ${minute} phút`;
}

/** "15 ngày làm việc", "1,5 ngày làm việc", "10 ngày", "04 giờ làm việc", "trong ngày làm việc". */
export function durationInWords(duration: Duration): string {
  if (duration.unit !== 'hours') {
    const { unit, days } = duration;
    if (days === 0) return 'trong ngày làm việc';
    const count = Number.isInteger(days) ? two(days) : String(days).replace('.', ',');
    return unit === 'days' ? `${count} ngày làm việc` : `${count} ngày`;
  }
  const minutes = Math.round(duration.ms / 60_000);
  const parts = [
    ...(minutes >= 60 ? [`${two(Math.floor(minutes / 60))} giờ`] : []),
    ...(minutes % 60 > 0 || minutes === 0 ? [`${two(minutes % 60)} phút`] : []),
  ];
  return `${parts.join(' ')} làm việc`;
}

/** "01", "12". */
export const countInWords = two;
