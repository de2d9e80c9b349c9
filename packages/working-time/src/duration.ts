import { HOUR_MS, MINUTE_MS } from './time.ts';

/**
 * How long the law gives. Working hours are a span of working time in milliseconds; working days and calendar days are
 * a count of dates and carry no time of day. They never convert into each other. Working days may end with a half: four
 * working hours after the end of the whole days.
 */
export type Duration =
  | { unit: 'hours'; ms: number }
  | { unit: 'days'; days: number }
  | { unit: 'calendar-days'; days: number };

/** Half a day of eight office hours. */
export const HALF_DAY_MS = 4 * HOUR_MS;

/** Working hours, to the minute: `hours(1.5)`. Throws RangeError when negative or finer than a minute. */
export const hours = (count: number): Duration => ofMs(count * HOUR_MS);

/** Working minutes, whole. Throws RangeError when negative or fractional. */
export const minutes = (count: number): Duration => ofMs(count * MINUTE_MS);

/** Working days, whole or with a half; 0 is "within the day". Throws RangeError when negative or finer. */
export function days(count: number): Duration {
  wholeDays(count * 2);
  return { unit: 'days', days: count };
}

/** Half working days: one is four hours, 3 are a day and a half. Throws RangeError when negative or fractional. */
export const halfDays = (count: number): Duration => (count === 1 ? hours(4) : days(count / 2));

/** Days of the calendar, whole; 0 is "within the day". Throws RangeError when negative or fractional. */
export const calendarDays = (count: number): Duration => ({ unit: 'calendar-days', days: wholeDays(count) });

export function wholeDays(count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new RangeError(`days must be a whole number from 0 up, not ${count}`);
}

function ofMs(ms: number): Duration {
  // Tenths of an hour are whole minutes that binary fractions only approach.
  const rounded = Math.round(ms);
  if (Math.abs(ms - rounded) < 1e-3 && rounded % MINUTE_MS === 0 && rounded >= 0) {
    return { unit: 'hours', ms: rounded };
  }
  throw new RangeError(`working hours must be whole minutes from 0 up, not ${ms / MINUTE_MS} minutes`);
}
