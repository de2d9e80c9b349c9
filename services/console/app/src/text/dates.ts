/** Dates and times as people in Vietnam have them, wherever the browser is. */
const ZONE = 'Asia/Ho_Chi_Minh';

const inVietnam = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export interface VietnamTime {
  /** YYYY-MM-DD. */
  date: string;
  /** HH:MM. */
  time: string;
}

export function vietnamTime(at: Date): VietnamTime {
  const parts = new Map(inVietnam.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
}

/** What a field of date and time holds, Vietnam's, as an instant; undefined when it is empty. */
export const momentOf = (text: string): string | undefined =>
  text === '' ? undefined : new Date(`${text}+07:00`).toISOString();

export const today = (now = new Date()): string => vietnamTime(now).date;

/** 0 is Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

export function nextDate(date: string, days = 1): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

export const WEEKDAYS = {
  vi: ['Chủ Nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const;
export type Language = keyof typeof WEEKDAYS;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * "03/6", with the year where it is another one than `now`'s. Days below 10 and the months 1 and 2 have a zero before them
 * (NĐ 30/2020/NĐ-CP, Appendix I, II.1.4).
 */
export function dateText(date: string, language: Language = 'vi', now = new Date()): string {
  const [year = '', month = '', day = ''] = date.split('-');
  if (day === '') return date;
  const more = year === today(now).slice(0, 4) ? '' : year;
  if (language === 'en') return [Number(day), MONTHS[Number(month) - 1], more].filter(Boolean).join(' ');
  const monthText = Number(month) <= 2 ? month : String(Number(month));
  return [day, monthText, more].filter(Boolean).join('/');
}

/** "17:00 Thứ Ba 03/6". */
export function momentText(at: Date, language: Language = 'vi', now = new Date()): string {
  const { date, time } = vietnamTime(at);
  return `${time} ${WEEKDAYS[language][weekdayOf(date)]} ${dateText(date, language, now)}`;
}

/** "08:15" of today, "08:15 03/6" of another day. */
export function shortMoment(at: Date, language: Language = 'vi', now = new Date()): string {
  const { date, time } = vietnamTime(at);
  return date === today(now) ? time : `${time} ${dateText(date, language, now)}`;
}
