/** How explanations write amounts, days and moments, in both languages. */
import type { Text } from '../calendar/data.ts';
import type { Duration } from '../duration.ts';
import { dateOfDay, dayOfInstant, HOUR_MS, MINUTE_MS, startOfDay } from '../time.ts';
import { dateInEnglish, dateInFigures, weekdayInEnglish, weekdayInWords } from './dates.ts';

export function dayText(day: number): Text {
  const date = dateOfDay(day);
  const { vi, en } = dateText(day);
  const weekday = weekdayInWords(date);
  return {
    vi: `${weekday.charAt(0).toUpperCase()}${weekday.slice(1)} ${vi}`,
    en: `${weekdayInEnglish(date)} ${en}`,
  };
}

export function dateText(day: number): Text {
  const date = dateOfDay(day);
  return { vi: dateInFigures(date), en: dateInEnglish(date) };
}

export function daysText(first: number, last: number): Text {
  const [from, to] = [dayText(first), dayText(last)];
  return first === last ? from : { vi: `${from.vi} đến ${to.vi}`, en: `${from.en} to ${to.en}` };
}

/** An instant in Vietnam: `15:00 Thứ Sáu 25/4/2025`; seconds only when there are any. */
export function momentText(instant: number): Text {
  const day = dayOfInstant(instant);
  const time = timeText(instant - startOfDay(day));
  const { vi, en } = dayText(day);
  return { vi: `${time} ${vi}`, en: `${time} ${en}` };
}

export function timeText(ms: number): string {
  const text = new Date(ms).toISOString().slice(11, 23);
  return text.replace(/\.000$/, '').replace(/^(\d\d:\d\d):00$/, '$1');
}

export function durationText(duration: Duration): Text {
  if (duration.unit === 'calendar-days') {
    const { days } = duration;
    return { vi: `${days} ngày`, en: `${days} calendar ${days === 1 ? 'day' : 'days'}` };
  }
  if (duration.unit === 'days') {
    const { days } = duration;
    const vi = String(days).replace('.', ',');
    return { vi: `${vi} ngày làm việc`, en: `${days} working ${days === 1 ? 'day' : 'days'}` };
  }
  const wholeHours = Math.floor(duration.ms / HOUR_MS);
  const wholeMinutes = Math.floor((duration.ms % HOUR_MS) / MINUTE_MS);
  const seconds = (duration.ms % MINUTE_MS) / 1000;
  const parts = [
    { count: wholeHours, vi: 'giờ', en: 'h' },
    { count: wholeMinutes, vi: 'phút', en: 'min' },
    { count: seconds, vi: 'giây', en: 's' },
  ].filter(({ count }) => count > 0);
  const shown = parts.length > 0 ? parts : [{ count: 0, vi: 'giờ', en: 'h' }];
  return {
    vi: `${shown.map(({ count, vi }) => `${count} ${vi}`).join(' ')} làm việc`,
    en: `${shown.map(({ count, en }) => `${count} ${en}`).join(' ')} of working time`,
  };
}

/** `(nguồn …)`, `(source …)`; the names of laws stay Vietnamese. */
export const sourceText = (source: string): Text => ({
  vi: ` (nguồn: ${source})`,
  en: ` (source: ${source})`,
});

/** Fills one sentence of each language from texts: ``phrase(['…', '…'], a, b)`` puts a for {0} and b for {1}. */
export function phrase([vi, en]: readonly [string, string], ...parts: readonly Text[]): Text {
  const fill = (sentence: string, language: keyof Text): string =>
    sentence.replaceAll(/\{(\d)\}/g, (_, index: string) => parts[Number(index)]?.[language] ?? '');
  return { vi: fill(vi, 'vi'), en: fill(en, 'en') };
}
