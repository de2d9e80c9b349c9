import type { WorkingDuration } from '@lienthong/contracts/common';
import { type Duration, days, minutes } from '@lienthong/working-time';

/** Office hours of a usual day, to compare and add up lengths. Deadlines never convert days to minutes. */
export const MINUTES_PER_DAY = 480;

/**
 * Working minutes, with 480 for a day. "Within the day" (0 days) counts 0, because it takes no further day; so does an
 * absent duration.
 */
export function minutesOf(duration: WorkingDuration | undefined): number {
  const amount = duration?.amount;
  if (amount === undefined) return 0;
  return amount.$case === 'days' ? amount.value * MINUTES_PER_DAY : amount.value;
}

/** The duration in the form of `@lienthong/working-time`; undefined when absent. Throws RangeError when negative. */
export function toDuration(duration: WorkingDuration | undefined): Duration | undefined {
  const amount = duration?.amount;
  if (amount === undefined) return undefined;
  return amount.$case === 'days' ? days(amount.value) : minutes(amount.value);
}
