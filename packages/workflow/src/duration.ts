import type { WorkingDuration } from '@lienthong/contracts/common';
import { calendarDays, type Duration, days, halfDays, minutes } from '@lienthong/working-time';

/** Office hours of a usual day, to compare and add up lengths. Deadlines never convert days to minutes. */
export const MINUTES_PER_DAY = 480;

/**
 * Working minutes, with 480 for a day: at most, since calendar days hold more or fewer working days with the weekday on
 * which they start. "Within the day" (0 days) counts 0, because it takes no further day; so does an absent duration.
 */
export function minutesOf(duration: WorkingDuration | undefined): number {
  const amount = duration?.amount;
  switch (amount?.$case) {
    case undefined:
      return 0;
    case 'days':
      return amount.value * MINUTES_PER_DAY;
    case 'minutes':
      return amount.value;
    case 'halfDays':
      return (amount.value * MINUTES_PER_DAY) / 2;
    case 'calendarDays':
      return weekdaysIn(amount.value, (rest) => Math.min(rest, 5)) * MINUTES_PER_DAY;
  }
}

/** The same at least, in weeks without holidays. */
export const fewestMinutesOf = (duration: WorkingDuration): number =>
  duration.amount?.$case === 'calendarDays'
    ? weekdaysIn(duration.amount.value, (rest) => (rest === 0 ? 0 : Math.max(1, rest - 2))) * MINUTES_PER_DAY
    : minutesOf(duration);

/** The working days from one working day to the end of some calendar days, which is moved past a weekend. */
const weekdaysIn = (days: number, inRest: (rest: number) => number): number =>
  Math.trunc(days / 7) * 5 + inRest(days % 7);

/** The duration in the form of `@lienthong/working-time`; undefined when absent. Throws RangeError when negative. */
export function toDuration(duration: WorkingDuration | undefined): Duration | undefined {
  const amount = duration?.amount;
  switch (amount?.$case) {
    case undefined:
      return undefined;
    case 'days':
      return days(amount.value);
    case 'minutes':
      return minutes(amount.value);
    case 'halfDays':
      return halfDays(amount.value);
    case 'calendarDays':
      return calendarDays(amount.value);
  }
}
