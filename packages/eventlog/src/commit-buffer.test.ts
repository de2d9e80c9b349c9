import { expect, test } from 'vitest';
import { createCommitBuffer } from './commit-buffer.ts';

const commit = (first: number, last: number, bytes = 1) =>
  Array.from({ length: last - first + 1 }, (_, i) => ({ position: first + i, payload: Buffer.alloc(bytes) }));
type Row = ReturnType<typeof commit>[number];
const positions = (rows: Row[] | undefined) => rows?.map(({ position }) => position);

/** A buffer to which commits are added by their first row. */
function bufferOf() {
  const buffer = createCommitBuffer<Row>();
  return { ...buffer, add: (rows: Row[]) => buffer.add(rows[0]?.position ?? 0, rows) };
}

test('a run spans commits, in whatever order they were added', () => {
  const buffer = bufferOf();
  buffer.add(commit(3, 4));
  buffer.add(commit(1, 2));
  buffer.add(commit(6, 7));
  expect(positions(buffer.take(1))).toEqual([1, 2, 3, 4]);
  buffer.add(commit(5, 5));
  expect(positions(buffer.take(5))).toEqual([5, 6, 7]);
});

test('when the next event is missing, the buffer drops what it has', () => {
  const buffer = bufferOf();
  buffer.add(commit(3, 4));
  expect(buffer.take(2)).toBeUndefined();
  expect(buffer.take(3)).toBeUndefined();
  buffer.add(commit(3, 4));
  expect(positions(buffer.take(3))).toEqual([3, 4]);
});

test.each([
  ['events', commit(1, 1_000), commit(1_001, 1_001)],
  ['bytes', commit(1, 4, 1024 * 1024), commit(5, 5)],
])('events beyond the bound on %s are dropped, and later ones are kept again', (_, full, more) => {
  const buffer = bufferOf();
  buffer.add(full);
  buffer.add(more);
  expect(buffer.take(1)).toHaveLength(full.length);
  const next = more[0]?.position as number;
  expect(buffer.take(next)).toBeUndefined();
  buffer.add(more);
  expect(positions(buffer.take(next))).toEqual([next]);
});
