import type { WorkingDuration } from '@lienthong/contracts/common';
import { type Duration, days, minutes } from '@lienthong/working-time';

/** Office hours of a usual day: what a day counts where lengths are compared or added up. Deadlines never convert. */
export const MINUTES_PER_DAY = 480;

/**
 * Working minutes, a day counting 480. "Within the day" (0 days) counts nothing: what ends with the day takes no
 * further one. Absent counts nothing.
 */
export function minutesOf(duration: WorkingDuration | undefined): number {
  const amount = duration?.amount;
  if (amount === undefined) return 0;
  return amount.$case === 'days' ? amount.value * MINUTES_PER_DAY : amount.value;
}

/** For `@lienthong/working-time`; undefined when absent. Throws RangeError when negative. */
export function toDuration(duration: WorkingDuration | undefined): Duration | undefined {
  const amount = duration?.amount;
  if (amount === undefined) return undefined;
  return amount.$case === 'days' ? days(amount.value) : minutes(amount.value);
}
