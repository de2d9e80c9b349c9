import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

const feedId = '018f0000-0000-7000-8000-000000000001';
const anySeq = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test('a cursor decodes to its number, in its own feed only', () => {
  fc.assert(
    fc.property(anySeq, (seq) => {
      const cursor = encodeCursor(feedId, seq);
      expect(cursor).toMatch(/^[\w-]{16}$/);
      expect(decodeCursor(feedId, cursor)).toBe(seq);
      expect(decodeCursor('018f0000-0000-7000-8000-000000000002', cursor)).toBeUndefined();
    }),
  );
});

test('a text that was changed or made up is refused', () => {
  fc.assert(
    fc.property(anySeq, fc.nat(15), fc.constantFrom(...'AZaz09_-'), (seq, at, character) => {
      const cursor = encodeCursor(feedId, seq);
      const changed = `${cursor.slice(0, at)}${character}${cursor.slice(at + 1)}`;
      expect(decodeCursor(feedId, changed)).toBe(changed === cursor ? seq : undefined);
    }),
  );
  for (const text of ['', 'x', 'A'.repeat(16), `${encodeCursor(feedId, 1)}=`, ` ${encodeCursor(feedId, 1)}`])
    expect(decodeCursor(feedId, text)).toBeUndefined();
});
