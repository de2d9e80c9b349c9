import { expect, test } from 'vitest';
import type { LoggedEvent } from '../event.ts';
import { offered } from './offered.ts';

const commit = (first: number, last: number, bytes = 1) =>
  Array.from(
    { length: last - first + 1 },
    (_, i) => ({ position: first + i, payload: Buffer.alloc(bytes) }) as unknown as LoggedEvent,
  );
const positions = (events: LoggedEvent[] | undefined) => events?.map((event) => event.position);

test('a run goes over the ends of commits, whatever order they were heard of in', () => {
  const fresh = offered();
  fresh.add(commit(3, 4));
  fresh.add(commit(1, 2));
  fresh.add(commit(6, 7));
  expect(positions(fresh.take(1))).toEqual([1, 2, 3, 4]);
  fresh.add(commit(5, 5));
  expect(positions(fresh.take(5))).toEqual([5, 6, 7]);
});

test('when the next is not here, what is here is forgotten', () => {
  const fresh = offered();
  fresh.add(commit(3, 4));
  expect(fresh.take(2)).toBeUndefined();
  expect(fresh.take(3)).toBeUndefined();
  fresh.add(commit(3, 4));
  expect(positions(fresh.take(3))).toEqual([3, 4]);
});

test.each([
  ['events', commit(1, 1_000), commit(1_001, 1_001)],
  ['bytes', commit(1, 4, 1024 * 1024), commit(5, 5)],
])('too many %s are not kept, and the next ones are again', (_, full, more) => {
  const fresh = offered();
  fresh.add(full);
  fresh.add(more);
  expect(fresh.take(1)).toHaveLength(full.length);
  const next = more[0]?.position as number;
  expect(fresh.take(next)).toBeUndefined();
  fresh.add(more);
  expect(positions(fresh.take(next))).toEqual([next]);
});
