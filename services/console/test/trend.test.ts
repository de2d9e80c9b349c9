import { expect, test } from 'vitest';
import { heightsOf, monthsOf } from '../app/src/screens/figures/trend.ts';

test('every month of a period is there, over the turn of a year, also without any dossier', () => {
  const months = monthsOf(
    '2025-11-15',
    '2026-02-01',
    [{ month: '2025-12', finished: 4, onTime: 3 }],
    [{ month: '2026-01', received: 8 }],
  );
  expect(months).toEqual([
    { month: '2025-11', received: 0, finished: 0, onTime: 0 },
    { month: '2025-12', received: 0, finished: 4, onTime: 3 },
    { month: '2026-01', received: 8, finished: 0, onTime: 0 },
    { month: '2026-02', received: 0, finished: 0, onTime: 0 },
  ]);
  expect(heightsOf(months)).toEqual([
    [0, 0, 0],
    [0, 500, 375],
    [1_000, 0, 0],
    [0, 0, 0],
  ]);
  expect(monthsOf('2026-02-01', '2026-01-01', [], [])).toEqual([]);
});
