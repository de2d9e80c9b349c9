import { expect, test } from 'vitest';
import { isInForce } from './span.ts';

test('a span of validity begins inclusively and ends exclusively; an empty end is open', () => {
  const march = { validFrom: '2025-03-01', validTo: '2025-04-01' };
  const dates = ['2025-02-28', '2025-03-01', '2025-03-31', '2025-04-01'];
  expect(dates.filter((date) => isInForce(march, date))).toEqual(['2025-03-01', '2025-03-31']);
  expect(isInForce({ validFrom: '', validTo: '' }, '')).toBe(true);
  expect(isInForce(march, '')).toBe(false);
});
