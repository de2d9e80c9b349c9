import { describe, expect, test } from 'vitest';
import { type AttemptResult, afterAttempt, type Health, nextAttempt } from './health.ts';
import { DEFAULT_SCHEDULE, DOWN_AFTER, downWait, MAX_RETRY_AFTER_MS, waitAfter } from './retry.ts';

const now = new Date('2026-01-15T01:00:00Z');
const rules = { schedule: DEFAULT_SCHEDULE, suspendAfterMs: 86_400_000 };
const well: Health = {
  failures: 0,
  failingSince: undefined,
  lastSuccessAt: undefined,
  lastError: '',
  restUntil: undefined,
};
const failed: AttemptResult = { status: 500, text: 'hỏng' };

describe('the schedule', () => {
  test('takes about three days, each wait between 80 and 120 %', () => {
    const total = (random: number) =>
      DEFAULT_SCHEDULE.reduce((sum, _, i) => sum + (waitAfter(i + 1, DEFAULT_SCHEDULE, random) ?? 0), 0);
    expect(total(0.5) / 3_600_000).toBeGreaterThan(60);
    expect(total(0.5) / 3_600_000).toBeLessThan(84);
    expect(waitAfter(1, DEFAULT_SCHEDULE, 0)).toBe(4_000);
    expect(waitAfter(1, DEFAULT_SCHEDULE, 0.999_999)).toBe(6_000);
  });

  test('ends for an event, never for a loss', () => {
    const last = DEFAULT_SCHEDULE.length + 1;
    expect(nextAttempt({ number: last, isLoss: false }, failed, rules, null, now, 0.5)).toBeUndefined();
    const again = nextAttempt({ number: 10 * last, isLoss: true }, failed, rules, null, now, 0.5);
    expect(again?.getTime()).toBe(now.getTime() + 43_200_000);
  });

  test('never comes before the time the receiver requests', () => {
    const limited = { status: 429, text: '', retryAfterMs: 60_000 };
    expect(nextAttempt({ number: 1, isLoss: false }, limited, rules, null, now, 0.5)?.getTime()).toBe(
      now.getTime() + 60_000,
    );
    expect(afterAttempt(well, limited, rules, now, 0.5).health.restUntil?.getTime()).toBe(
      now.getTime() + 60_000,
    );
    const tomorrow = { status: 429, text: '', retryAfterMs: 86_400_000 };
    expect(nextAttempt({ number: 1, isLoss: false }, tomorrow, rules, null, now, 0.5)?.getTime()).toBe(
      now.getTime() + MAX_RETRY_AFTER_MS,
    );
  });
});

describe('health', () => {
  test('counts failures until a success', () => {
    let health = well;
    for (let n = 1; n <= DOWN_AFTER; n += 1) health = afterAttempt(health, failed, rules, now, 0.5).health;
    expect(health).toMatchObject({ failures: DOWN_AFTER, failingSince: now, lastError: 'HTTP 500: hỏng' });
    expect(health.restUntil?.getTime()).toBeGreaterThan(now.getTime());
    const after = afterAttempt(health, { status: 204, text: '' }, rules, now, 0.5);
    expect(after).toEqual({ health: { ...well, lastSuccessAt: now }, suspend: false });
  });

  test('suspends a webhook that has failed for a day, and at once one whose receiver answers 410', () => {
    const since = (ms: number) => ({ ...well, failures: 3, failingSince: new Date(now.getTime() - ms) });
    expect(afterAttempt(since(86_399_999), failed, rules, now, 0.5).suspend).toBe(false);
    expect(afterAttempt(since(86_400_000), failed, rules, now, 0.5).suspend).toBe(true);
    expect(afterAttempt(well, { status: 410, text: '' }, rules, now, 0.5).suspend).toBe(true);
  });

  test('a long wait ends at the suspension, but not before the time the receiver requests', () => {
    const since = new Date(now.getTime() - 80_000_000);
    const seventh = { number: 7, isLoss: false };
    const next = (result: AttemptResult, from: Date | null) =>
      (nextAttempt(seventh, result, rules, from, now, 0.5)?.getTime() ?? 0) - now.getTime();
    expect(next(failed, null)).toBe(43_200_000);
    expect(next(failed, now)).toBe(43_200_000);
    expect(next(failed, since)).toBe(6_400_000);
    expect(next({ ...failed, retryAfterMs: 7_000_000 }, since)).toBe(7_000_000);
    // It is suspended: the wait begins when it is resumed.
    expect(next(failed, new Date(now.getTime() - 86_400_000))).toBe(43_200_000);
  });

  test('a receiver that is down rests for at most six minutes', () => {
    for (let n = 0; n < 100; n += 1) expect(downWait(n, DEFAULT_SCHEDULE, 0.99)).toBeLessThanOrEqual(360_000);
  });
});
