import { manualClock } from '@lienthong/testkit';
import { expect, test } from 'vitest';
import { freshCache } from './fresh-cache.ts';

function setUp(max = 10) {
  const clock = manualClock('2026-01-15T00:00:00Z');
  const cache = freshCache<{ until: number; n: number }>(clock, max);
  let computed = 0;
  const compute = async () => {
    computed += 1;
    return { n: computed, until: clock.now().getTime() + 1_000 };
  };
  return { clock, cache, compute, get: async (key = 'a') => (await cache.get(key, compute)).n };
}

test('a result is computed once while it is fresh, and calls at the same time share it', async () => {
  const { clock, get } = setUp();
  expect(await Promise.all([get(), get(), get('b')])).toEqual([1, 1, 2]);
  clock.advance(999);
  expect(await get()).toBe(1);
  clock.advance(1);
  expect(await Promise.all([get(), get()])).toEqual([3, 3]);
});

test('an error is not kept', async () => {
  const { cache, get } = setUp();
  const fail = () => Promise.reject(new Error('busy'));
  const both = [cache.get('a', fail), cache.get('a', fail)];
  for (const one of await Promise.allSettled(both)) expect(one.status).toBe('rejected');
  expect(await get()).toBe(1);
});

test('a result is replaced, and the oldest leaves when there are too many', async () => {
  const { cache, clock, get } = setUp(2);
  await get('a');
  cache.set('a', { n: 9, until: clock.now().getTime() + 1_000 });
  expect(await get('a')).toBe(9);
  await get('b');
  await get('c');
  expect([await get('b'), await get('c'), await get('a')]).toEqual([2, 3, 4]);
});
