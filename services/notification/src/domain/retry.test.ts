import { expect, test } from 'vitest';
import { nextAttemptAt } from './retry.ts';

const now = new Date('2026-01-15T01:00:00Z');
const seconds = (failures: number, random: number, retryAfterMs?: number) =>
  (nextAttemptAt(failures, now, random, retryAfterMs).getTime() - now.getTime()) / 1000;

test('twice as long each time, at most an hour, a fifth more or less', () => {
  expect([1, 2, 3, 7, 8, 12].map((n) => seconds(n, 0.5))).toEqual([30, 60, 120, 1920, 3600, 3600]);
  expect([seconds(1, 0), seconds(1, 1)]).toEqual([24, 36]);
});

test('never before the time that the provider requests, at most a day', () => {
  expect(seconds(1, 0.5, 90_000)).toBe(90);
  expect(seconds(1, 0.5, 1)).toBe(30);
  expect(seconds(1, 0.5, 10 ** 12)).toBe(86_400);
});
