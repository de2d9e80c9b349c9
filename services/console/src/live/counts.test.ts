import { expect, test } from 'vitest';
import { lineCounts } from './counts.ts';

test('a session, an address and the process have their own bounds; what leaves makes room', () => {
  const counts = lineCounts({ perSession: 2, perAddress: 3, perProcess: 4 });
  const first = counts.enter('a', 'x');
  expect(counts.enter('a', 'y')).toBeDefined();
  expect(counts.enter('a', 'z')).toBeUndefined();
  expect(counts.enter('b', 'x')).toBeDefined();
  expect(counts.enter('c', 'x')).toBeDefined();
  expect(counts.enter('d', 'x')).toBeUndefined();
  expect(counts.enter('d', 'z')).toBeUndefined();
  first?.();
  expect(counts.enter('d', 'x')).toBeDefined();
});
