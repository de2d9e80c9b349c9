import { expect, it } from 'vitest';
import { within } from './bound.ts';

it('gives what comes within the bound', async () => {
  expect(await within(1_000, 'a reply', Promise.resolve(7))).toBe(7);
  await expect(within(1_000, 'a reply', Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});

it('ends at the bound with words, and takes no notice of what comes later', async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  await expect(within(20, 'a reply', promise)).rejects.toThrow('a reply: nothing after 0.02 s');
  reject(new Error('too late'));
  await new Promise((resolve) => setImmediate(resolve));
});
