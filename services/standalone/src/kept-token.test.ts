import { expect, test } from 'vitest';
import { keptToken } from './kept-token.ts';

const HOUR_MS = 3_600_000;

test('a token is kept for half of its life, then issued again', async () => {
  let now = 0;
  const issued: number[] = [];
  const token = keptToken(
    async (ttlSeconds) => `token ${issued.push(ttlSeconds)}`,
    12 * 3600,
    () => now,
  );
  expect([await token(), await token()]).toEqual(['token 1', 'token 1']);
  now += 6 * HOUR_MS - 1;
  expect(await token()).toBe('token 1');
  now += 1;
  expect([await token(), await token()]).toEqual(['token 2', 'token 2']);
  expect(issued).toEqual([12 * 3600, 12 * 3600]);
});

test('a token that could not be issued is not kept', async () => {
  let isBroken = true;
  const token = keptToken(async () => {
    if (isBroken) throw new Error('no key');
    return 'token';
  }, 3600);
  await expect(token()).rejects.toThrow('no key');
  isBroken = false;
  expect(await token()).toBe('token');
});
