import { afterEach, expect, test, vi } from 'vitest';
import { isUuid, uuidv7 } from '../src/index.ts';

afterEach(() => void vi.useRealTimers());

test('ids are valid, unique and in order, many in one millisecond', () => {
  const ids = Array.from({ length: 100_000 }, uuidv7);
  expect(
    ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
  ).toBe(true);
  expect(ids.every(isUuid)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
});

test('ids stay in order when the clock goes back', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime('2100-01-01T00:00:00Z');
  const before = Array.from({ length: 10_000 }, uuidv7);
  vi.setSystemTime('2017-03-06T00:00:00Z');
  const after = Array.from({ length: 10_000 }, uuidv7);
  expect([...before, ...after].toSorted()).toEqual([...before, ...after]);
});

test('an id begins with its millisecond', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime('2200-01-01T00:00:00.123Z');
  expect(Number.parseInt(uuidv7().replaceAll('-', '').slice(0, 12), 16)).toBe(
    Date.parse('2200-01-01T00:00:00.123Z'),
  );
});
