import { jittered } from '@lienthong/outbound';

/**
 * Seconds between the attempts of one event, about three days in all. An event that fails so long is given up. This
 * happens only while the receiver takes other events: without any success the webhook is suspended after a day.
 */
export const DEFAULT_SCHEDULE: readonly number[] = [
  5, 30, 120, 900, 3_600, 14_400, 43_200, 43_200, 43_200, 43_200, 43_200,
];

/** The longest wait of a Retry-After header that a webhook follows. */
export const MAX_RETRY_AFTER_MS = 6 * 3_600_000;
/** After this many failures in a row the receiver counts as down: one attempt at a time, with rests between. */
export const DOWN_AFTER = 8;
/** The longest rest of a receiver that counts as down. */
export const MAX_DOWN_MS = 300_000;

/**
 * The wait after the `failed`-th attempt, in ms; undefined when that was the last one.
 * @param random from [0, 1)
 */
export function waitAfter(failed: number, schedule: readonly number[], random: number): number | undefined {
  const seconds = schedule[failed - 1];
  return seconds === undefined ? undefined : jittered(seconds * 1_000, random);
}

/** An EventsLost is never given up: after the schedule its last interval repeats. */
export function waitAfterLost(failed: number, schedule: readonly number[], random: number): number {
  const seconds = schedule[Math.min(failed, schedule.length) - 1] ?? 3_600;
  return jittered(seconds * 1_000, random);
}

/** How long a receiver gets no attempt at all after its n-th failure in a row, in ms. */
export function downWait(failures: number, schedule: readonly number[], random: number): number {
  if (failures < DOWN_AFTER) return 0;
  const seconds = schedule[Math.min(failures - DOWN_AFTER, schedule.length - 1)] ?? 300;
  return jittered(Math.min(seconds * 1_000, MAX_DOWN_MS), random);
}
