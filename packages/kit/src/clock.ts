export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** The law's time zone; it has no daylight saving, so a fixed offset is exact since 1975-06-13. */
export const VIETNAM = 'Asia/Ho_Chi_Minh';
const VIETNAM_OFFSET_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

/** The calendar date in Vietnam at an instant, as YYYY-MM-DD. */
export function vietnamDate(instant: Date): string {
  const local = instant.getTime() + VIETNAM_OFFSET_MS;
  const day = Math.floor(local / DAY_MS);
  if (day !== lastDay.day) lastDay = { day, date: new Date(local).toISOString().slice(0, 10) };
  return lastDay.date;
}

/** Every call asks for its date, and most of them for that of today. */
let lastDay = { day: Number.NaN, date: '' };

/** The time of day in Vietnam at an instant, as HH:MM. */
export function vietnamTime(instant: Date): string {
  return new Date(instant.getTime() + VIETNAM_OFFSET_MS).toISOString().slice(11, 16);
}

/** The instant of a call and its date in Vietnam. */
export function instant(clock: Clock): { now: Date; today: string } {
  const now = clock.now();
  return { now, today: vietnamDate(now) };
}

/** The instant at which a calendar date (YYYY-MM-DD) begins in Vietnam. */
export function startOfVietnamDate(date: string): Date {
  return new Date(Date.parse(`${date}T00:00:00Z`) - VIETNAM_OFFSET_MS);
}
