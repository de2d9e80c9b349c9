import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImmutableMap } from './immutable-map.ts';

const writes = fc.array(fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 99 })), { maxLength: 8 }));

test('reads what was written last, and every earlier map stays as it was', () => {
  fc.assert(
    fc.property(writes, (batches) => {
      let map = ImmutableMap.from<number, number>();
      const expected = new Map<number, number>();
      const earlier: [ImmutableMap<number, number>, Map<number, number>][] = [];
      for (const batch of batches) {
        earlier.push([map, new Map(expected)]);
        map = map.with(batch);
        for (const [key, value] of batch) expected.set(key, value);
        for (let key = 0; key <= 30; key += 1) {
          expect(map.get(key)).toBe(expected.get(key));
          expect(map.has(key)).toBe(expected.has(key));
        }
        expect(map.entries()).toEqual(expected);
      }
      for (const [one, then] of earlier) expect(one.entries()).toEqual(then);
    }),
  );
});
