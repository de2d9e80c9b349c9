import { vietnamDate, vietnamTime } from '@lienthong/kit';
import type { Duration } from '@lienthong/working-time';

// How administrative papers write dates, times and lengths (NĐ 30/2020/NĐ-CP, phụ lục I, mục II.4).

const two = (n: number): string => String(n).padStart(2, '0');

/** A calendar date, YYYY-MM-DD: "ngày 05 tháng 01 năm 2026", "ngày 12 tháng 3 năm 2026". */
export function dateInWords(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  // Only days under 10 and the months 1 and 2 carry a zero: elsewhere none can be written in front.
  return `ngày ${day} tháng ${Number(month) > 2 ? Number(month) : month} năm ${year}`;
}

/** Epoch milliseconds as a date in Vietnam. */
export const dayOf = (at: number): string => vietnamDate(new Date(at));

export const dayInWords = (at: number): string => dateInWords(dayOf(at));

/** "08 giờ 30 phút, ngày 05 tháng 01 năm 2026". */
export function momentInWords(at: number): string {
  const [hour, minute] = vietnamTime(new Date(at)).split(':');
  return `${hour} giờ ${minute} phút, ${dayInWords(at)}`;
}

/** "05/01/2026", for tables. */
export const dayInFigures = (at: number): string => dayOf(at).split('-').reverse().join('/');

/** "15 ngày làm việc", "04 giờ làm việc", "trong ngày làm việc". */
export function durationInWords(duration: Duration): string {
  if (duration.unit === 'days')
    return duration.days === 0 ? 'trong ngày làm việc' : `${two(duration.days)} ngày làm việc`;
  const minutes = Math.round(duration.ms / 60_000);
  const parts = [
    ...(minutes >= 60 ? [`${two(Math.floor(minutes / 60))} giờ`] : []),
    ...(minutes % 60 > 0 || minutes === 0 ? [`${two(minutes % 60)} phút`] : []),
  ];
  return `${parts.join(' ')} làm việc`;
}

export const capitals = (text: string): string => text.toLocaleUpperCase('vi');

/** "01", "12". */
export const countInWords = two;

const UNIT_WITH_OWN_NAME = /^(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh)\s+(?=\D)/iu;
const PEOPLES_COMMITTEE = /^ủy ban nhân dân\s+/iu;

/**
 * The place a paper is issued at, from the names of the agency and those above it: "Vĩnh Long" of "Ủy ban nhân dân tỉnh
 * Vĩnh Long", "Phường 1" of "Ủy ban nhân dân phường 1". Empty when no people's committee is among them.
 */
export function placeOf(names: readonly string[]): string {
  const committee = names
    .map((name) => name.normalize('NFC').trim())
    .find((name) => PEOPLES_COMMITTEE.test(name));
  if (committee === undefined) return '';
  const unit = committee.replace(PEOPLES_COMMITTEE, '').replace(UNIT_WITH_OWN_NAME, '');
  return unit.charAt(0).toLocaleUpperCase('vi') + unit.slice(1);
}
