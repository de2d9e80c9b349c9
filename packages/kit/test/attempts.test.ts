import { expect, test } from 'vitest';
import { createAttempts } from '../src/attempts.ts';

const HOUR = 3_600_000;

const at = (now: number) => ({ now: new Date(now) });

test('the limit is per key and hour', () => {
  const attempts = createAttempts({ limit: 2, keys: 10 });
  expect([attempts.begin('a', at(0)), attempts.begin('a', at(10)), attempts.begin('b', at(10))]).toEqual([
    0, 0, 0,
  ]);
  expect(attempts.begin('a', at(20))).toBe(HOUR - 20);
  expect(attempts.begin('a', at(HOUR - 1))).toBe(1);
  expect([
    attempts.begin('a', at(HOUR)),
    attempts.begin('a', at(HOUR)),
    attempts.begin('a', at(HOUR)),
  ]).toEqual([0, 0, HOUR]);
});

test('what succeeds is not counted', () => {
  const attempts = createAttempts({ limit: 1, keys: 10 });
  for (let n = 0; n < 5; n += 1) {
    const call = at(n);
    expect(attempts.begin('a', call)).toBe(0);
    attempts.succeeded('a', call);
  }
});

test('what succeeds takes nothing off what failed', () => {
  const attempts = createAttempts({ limit: 2, keys: 10 });
  const call = at(0);
  attempts.begin('a', at(0));
  attempts.begin('a', call);
  attempts.succeeded('a', call);
  expect(attempts.begin('a', at(0))).toBe(0);
  expect(attempts.begin('a', at(0))).toBe(HOUR);
});

test('a call that is carried out again is one attempt', () => {
  const attempts = createAttempts({ limit: 2, keys: 10 });
  const failing = at(0);
  const succeeding = at(0);
  for (const call of [failing, failing, succeeding, succeeding]) expect(attempts.begin('a', call)).toBe(0);
  attempts.succeeded('a', succeeding);
  attempts.succeeded('a', succeeding);
  expect(attempts.begin('a', at(0))).toBe(0);
  expect(attempts.begin('a', at(0))).toBe(HOUR);
});

test('beyond so many keys the oldest is forgotten, and only that', () => {
  const attempts = createAttempts({ limit: 1, keys: 2 });
  for (const key of ['a', 'b', 'c']) expect(attempts.begin(key, at(0))).toBe(0);
  expect(attempts.begin('b', at(1))).toBe(HOUR - 1);
  expect(attempts.begin('c', at(1))).toBe(HOUR - 1);
  expect(attempts.begin('a', at(1))).toBe(0);
});
