/** Instants are epoch milliseconds; a *day* is the number of a Vietnamese calendar date since 1970-01-01. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Asia/Ho_Chi_Minh has had no change of offset since 1975-06-13, so a constant is exact. */
const OFFSET_MS = 7 * HOUR_MS;
export const FIRST_YEAR = 1976;

export const dayOfInstant = (instant: number): number => Math.floor((instant + OFFSET_MS) / DAY_MS);

export const startOfDay = (day: number): number => day * DAY_MS - OFFSET_MS;

/** The day of a date that is known to be valid, YYYY-MM-DD. */
export const dayOfDate = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

export const dateOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

export const yearOfDay = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();

export const firstDayOfYear = (year: number): number => Date.UTC(year, 0, 1) / DAY_MS;

export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** 0 is Sunday; 1970-01-01 was a Thursday. */
export const weekdayNumber = (day: number): number => (day + 4) % 7;

export const weekdayOf = (day: number): Weekday => WEEKDAYS[weekdayNumber(day)] as Weekday;

/** True for a real date YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

/** Milliseconds since midnight of `HH:MM`, 00:00 to 24:00; NaN for anything else. */
export function timeOfDay(text: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$|^(24):(00)$/.exec(text);
  if (match === null) return Number.NaN;
  return Number(match[1] ?? match[3]) * HOUR_MS + Number(match[2] ?? match[4]) * MINUTE_MS;
}
