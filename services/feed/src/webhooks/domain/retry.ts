/** Seconds between the attempts of one event: about three days in all. */
export const DEFAULT_SCHEDULE: readonly number[] = [
  5, 30, 120, 900, 3_600, 14_400, 43_200, 43_200, 43_200, 43_200, 43_200,
];

/** The longest a receiver may ask to be left alone. */
export const MAX_RETRY_AFTER_MS = 6 * 3_600_000;
/** After so many failures in a row the receiver counts as down: one attempt at a time, and seldom. */
export const DOWN_AFTER = 8;
/** The longest a receiver that counts as down is left without an attempt. */
export const MAX_DOWN_MS = 300_000;

/**
 * How long to wait after the `failed`-th attempt, in ms; undefined when it was the last.
 * @param random from [0, 1): spreads a wait over 80 to 120 % of it, so that what failed together does not come together
 */
export function waitAfter(failed: number, schedule: readonly number[], random: number): number | undefined {
  const seconds = schedule[failed - 1];
  return seconds === undefined ? undefined : jittered(seconds * 1_000, random);
}

/** An EventsLost is never given up: after the schedule it comes again at its last interval. */
export function waitAfterLost(failed: number, schedule: readonly number[], random: number): number {
  const seconds = schedule[Math.min(failed, schedule.length) - 1] ?? 3_600;
  return jittered(seconds * 1_000, random);
}

/** How long the receiver as a whole is left alone after its n-th failure in a row, in ms. */
export function downWait(failures: number, schedule: readonly number[], random: number): number {
  if (failures < DOWN_AFTER) return 0;
  const seconds = schedule[Math.min(failures - DOWN_AFTER, schedule.length - 1)] ?? 300;
  return jittered(Math.min(seconds * 1_000, MAX_DOWN_MS), random);
}

const jittered = (ms: number, random: number): number => Math.round(ms * (0.8 + 0.4 * random));

/**
 * What a Retry-After header (RFC 9110, 10.2.3: seconds or a date) asks for, in ms from now, between 0 and six hours;
 * undefined when there is none, or none that can be read.
 */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  // An HTTP date begins with the day of the week; Date.parse reads much that is none. One form says no zone: it is GMT.
  const isDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text);
  const date = isDate ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) : Number.NaN;
  const asked = /^\d+$/.test(text) ? Number(text) * 1_000 : date - now.getTime();
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(asked, 0), MAX_RETRY_AFTER_MS);
}
