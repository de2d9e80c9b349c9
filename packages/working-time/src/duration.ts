import { HOUR_MS, MINUTE_MS } from './time.ts';

/**
 * How long the law gives. Working hours are a span of working time in milliseconds; working days are a count
 * of dates and carry no time of day. The two never convert into each other: half a day is four hours.
 */
export type Duration = { unit: 'hours'; ms: number } | { unit: 'days'; days: number };

/** Working hours, to the minute: `hours(1.5)`. Throws RangeError when negative or finer than a minute. */
export const hours = (count: number): Duration => ofMs(count * HOUR_MS);

/** Working minutes, whole. Throws RangeError when negative or fractional. */
export const minutes = (count: number): Duration => ofMs(count * MINUTE_MS);

/** Working days, whole; 0 is "within the day". Throws RangeError when negative or fractional. */
export function days(count: number): Duration {
  return { unit: 'days', days: wholeDays(count) };
}

export function wholeDays(count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new RangeError(`working days must be a whole number from 0 up, not ${count}`);
}

function ofMs(ms: number): Duration {
  // Tenths of an hour are whole minutes that binary fractions only approach.
  const rounded = Math.round(ms);
  if (Math.abs(ms - rounded) < 1e-3 && rounded % MINUTE_MS === 0 && rounded >= 0) {
    return { unit: 'hours', ms: rounded };
  }
  throw new RangeError(`working hours must be whole minutes from 0 up, not ${ms / MINUTE_MS} minutes`);
}
