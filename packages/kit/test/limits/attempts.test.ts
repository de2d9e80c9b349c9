import { expect, test } from 'vitest';
import { NOBODY } from '../../src/auth/caller.ts';
import { createAttempts } from '../../src/limits/attempts.ts';

const HOUR = 3_600_000;
const WIDE = 1_000;

const at = (now: number, address = '203.162.4.190') => ({ now: new Date(now), caller: NOBODY, address });

test('the limit is per secret, address and hour', () => {
  const attempts = createAttempts({ perSecret: 2, perAddress: WIDE });
  expect([attempts.begin('a', at(0)), attempts.begin('a', at(10)), attempts.begin('b', at(10))]).toEqual([
    0, 0, 0,
  ]);
  expect(attempts.begin('a', at(20))).toBe(HOUR - 20);
  expect(attempts.begin('a', at(20, '203.162.4.191'))).toBe(0);
  expect(attempts.begin('a', at(HOUR - 1))).toBe(1);
  expect([
    attempts.begin('a', at(HOUR)),
    attempts.begin('a', at(HOUR)),
    attempts.begin('a', at(HOUR)),
  ]).toEqual([0, 0, HOUR]);
});

test('one address fails at all secrets together only so often; others go on', () => {
  const attempts = createAttempts({ perSecret: 2, perAddress: 3 });
  for (const code of ['a', 'b', 'c']) expect(attempts.begin(code, at(5))).toBe(0);
  expect(attempts.begin('d', at(6))).toBe(HOUR - 1);
  expect(attempts.begin('d', at(6, '2405:4800::/64'))).toBe(0);
});

test('a caller with a token, who attempts for many, is limited for each secret alone', () => {
  const attempts = createAttempts({ perSecret: 2, perAddress: 3 });
  const portal = (now: number) => ({ ...at(now), caller: { ...NOBODY, officerId: 'portal' } });
  for (let n = 0; n < 20; n += 1) expect(attempts.begin(`code ${n}`, portal(0))).toBe(0);
  expect(attempts.begin('code 0', portal(0))).toBe(0);
  expect(attempts.begin('code 0', portal(0))).toBe(HOUR);
});

test('officers of two agencies with the same id are counted apart', () => {
  const attempts = createAttempts({ perSecret: 1, perAddress: 1 });
  const officer = (agencyId: string) => ({ ...at(0), caller: { ...NOBODY, agencyId, officerId: '007' } });
  expect(attempts.begin('a', officer('agency-1'))).toBe(0);
  expect(attempts.begin('a', officer('agency-1'))).toBe(HOUR);
  expect(attempts.begin('a', officer('agency-2'))).toBe(0);
});

test('what succeeds is not counted', () => {
  const attempts = createAttempts({ perSecret: 1, perAddress: 1 });
  for (let n = 0; n < 5; n += 1) {
    const call = at(n);
    expect(attempts.begin('a', call)).toBe(0);
    attempts.succeeded('a', call);
  }
});

test('what succeeds takes nothing off what failed', () => {
  const attempts = createAttempts({ perSecret: 2, perAddress: WIDE });
  const call = at(0);
  attempts.begin('a', at(0));
  attempts.begin('a', call);
  attempts.succeeded('a', call);
  expect(attempts.begin('a', at(0))).toBe(0);
  expect(attempts.begin('a', at(0))).toBe(HOUR);
});

test('a call that is carried out again is one attempt', () => {
  const attempts = createAttempts({ perSecret: 2, perAddress: WIDE });
  const failing = at(0);
  const succeeding = at(0);
  for (const call of [failing, failing, succeeding, succeeding]) expect(attempts.begin('a', call)).toBe(0);
  attempts.succeeded('a', succeeding);
  attempts.succeeded('a', succeeding);
  expect(attempts.begin('a', at(0))).toBe(0);
  expect(attempts.begin('a', at(0))).toBe(HOUR);
});

test('other codes from one address, however many, reset no count', () => {
  const attempts = createAttempts({ perSecret: 1, perAddress: 100, keys: 1_000 });
  expect(attempts.begin('mine', at(0, 'theirs'))).toBe(0);
  for (let n = 0; n < 10_001; n += 1) attempts.begin(`code ${n}`, at(1, 'theirs'));
  expect(attempts.begin('mine', at(2, 'theirs'))).toBeGreaterThan(0);
});

test('beyond so many counts the oldest is forgotten', () => {
  const attempts = createAttempts({ perSecret: 1, perAddress: WIDE, keys: 4 });
  for (const from of ['a', 'b', 'c']) expect(attempts.begin('code', at(0, from))).toBe(0);
  expect(attempts.begin('code', at(1, 'b'))).toBe(HOUR - 1);
  expect(attempts.begin('code', at(1, 'c'))).toBe(HOUR - 1);
  expect(attempts.begin('code', at(1, 'a'))).toBe(0);
});
