import { expect, test } from 'vitest';
import { openPeriod } from './open-figures.ts';

test.each<[number, string, string | undefined]>([
  [0, '2026-11-28', '2026-01-01 2026-10-31'],
  [0, '2026-02-01', '2026-01-01 2026-01-31'],
  [0, '2026-01-31', '2025-01-01 2025-12-31'],
  [2024, '2026-01-31', '2024-01-01 2024-12-31'],
  [2026, '2026-03-31', '2026-01-01 2026-02-28'],
  [2026, '2026-01-31', undefined],
  [2027, '2026-11-28', undefined],
])('the year %i, looked at on %s', (year, today, expected) => {
  const period = openPeriod(year, today);
  expect(period.ok ? `${period.value.from} ${period.value.to}` : undefined).toBe(expected);
});
