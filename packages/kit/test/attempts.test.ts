import { expect, test } from 'vitest';
import { createAttempts } from '../src/attempts.ts';

const HOUR = 3_600_000;

test('the limit is per key and hour', () => {
  const attempts = createAttempts({ limit: 2, keys: 10 });
  expect([attempts.begin('a', 0), attempts.begin('a', 10), attempts.begin('b', 10)]).toEqual([0, 0, 0]);
  expect(attempts.begin('a', 20)).toBe(HOUR - 20);
  expect(attempts.begin('a', HOUR - 1)).toBe(1);
  expect([attempts.begin('a', HOUR), attempts.begin('a', HOUR), attempts.begin('a', HOUR)]).toEqual([
    0,
    0,
    HOUR,
  ]);
});

test('what succeeds is not counted', () => {
  const attempts = createAttempts({ limit: 1, keys: 10 });
  for (let n = 0; n < 5; n += 1) {
    expect(attempts.begin('a', n)).toBe(0);
    attempts.succeeded('a');
  }
});

test('what succeeds takes nothing off what failed', () => {
  const attempts = createAttempts({ limit: 2, keys: 10 });
  attempts.begin('a', 0);
  attempts.begin('a', 0);
  attempts.succeeded('a');
  expect(attempts.begin('a', 0)).toBe(0);
  expect(attempts.begin('a', 0)).toBe(HOUR);
});

test('beyond so many keys the oldest is forgotten, and only that', () => {
  const attempts = createAttempts({ limit: 1, keys: 2 });
  for (const key of ['a', 'b', 'c']) expect(attempts.begin(key, 0)).toBe(0);
  expect(attempts.begin('b', 1)).toBe(HOUR - 1);
  expect(attempts.begin('c', 1)).toBe(HOUR - 1);
  expect(attempts.begin('a', 1)).toBe(0);
});
