import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRates, type Rate } from '../../src/limits/rates.ts';

const RATE: Rate = { perSecond: 10, burst: 20 };

function budgets(keys = 1_000) {
  const clock = { ms: 0 };
  const rates = createRates({ keys, now: () => clock.ms });
  const take = (key: string, cost = 1) => rates.take([[key, RATE]], cost);
  return { clock, rates, take };
}

test('a burst, then the rate; the wait that is returned is enough, and a millisecond less is not', () => {
  const { clock, take } = budgets();
  for (let n = 0; n < 20; n += 1) expect(take('a')).toBe(0);
  expect(take('a')).toBe(100);
  clock.ms += 99;
  expect(take('a')).toBe(1);
  clock.ms += 1;
  expect(take('a')).toBe(0);
  expect(take('b')).toBe(0);
});

test('what costs more than a whole budget waits for a full one, and then runs', () => {
  const { clock, take } = budgets();
  expect(take('a', 50)).toBe(0);
  expect(take('a', 50)).toBe(5_000);
  expect(take('a')).toBe(3_100);
  clock.ms += 5_000;
  expect(take('a', 50)).toBe(0);
});

test('nothing is taken from one budget when another has too little', () => {
  const { rates, take } = budgets();
  take('agency', 20);
  expect(
    rates.take(
      [
        ['officer', RATE],
        ['agency', RATE],
      ],
      1,
    ),
  ).toBe(100);
  for (let n = 0; n < 20; n += 1) expect(take('officer')).toBe(0);
  expect(take('officer')).toBe(100);
});

test('many keys: memory is bounded, and a key that is used is not forgotten', () => {
  const { take } = budgets(100);
  take('a', 20);
  for (let n = 0; n < 10_000; n += 1) {
    take(`other ${n}`);
    if (n % 50 === 0) expect(take('a')).toBeGreaterThan(0);
  }
});

test('in no stretch of time is more taken than the burst and the rate give', () => {
  const calls = fc.array(fc.record({ afterMs: fc.nat(300), cost: fc.integer({ min: 1, max: 20 }) }), {
    maxLength: 100,
  });
  fc.assert(
    fc.property(calls, (all) => {
      const { clock, take } = budgets();
      const taken: { ms: number; cost: number }[] = [];
      for (const { afterMs, cost } of all) {
        clock.ms += afterMs;
        if (take('a', cost) === 0) taken.push({ ms: clock.ms, cost });
      }
      return taken.every((first, i) => {
        let sum = 0;
        return taken.slice(i).every(({ ms, cost }) => {
          sum += cost;
          return sum <= RATE.burst + ((ms - first.ms) * RATE.perSecond) / 1000 + 1e-6;
        });
      });
    }),
  );
});
