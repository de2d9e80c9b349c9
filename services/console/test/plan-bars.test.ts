import type { registry } from '@lienthong/contracts/json';
import { expect, test } from 'vitest';
import { planBars } from '../app/src/screens/procedures/plan-bars.ts';

const step = (key: string, startsAt?: string, endsAt?: string): registry.PlannedStep => ({
  ...{ key, name: key, agencyId: '', agencyName: '', workingMinutes: '0', critical: false },
  ...(startsAt !== undefined && { startsAt }),
  ...(endsAt !== undefined && { endsAt }),
});

test('steps stand on one line of time, with the deadline', () => {
  const plan = planBars({
    steps: [
      step('a', '2026-01-05T00:00:00Z', '2026-01-06T00:00:00Z'),
      step('b', '2026-01-06T00:00:00Z', '2026-01-07T00:00:00Z'),
      step('c'),
    ],
    legalDeadline: '2026-01-09T00:00:00Z',
  });
  expect(plan.bars.map(({ step: { key }, from, length }) => [key, from, length])).toEqual([
    ['a', 0, 250],
    ['b', 250, 250],
  ]);
  expect(plan.deadline).toBe(1_000);
});

test('a plan without steps has neither bars nor a deadline', () => {
  expect(planBars({ steps: [], legalDeadline: '2026-01-09T00:00:00Z' })).toEqual({
    bars: [],
    deadline: undefined,
  });
});
