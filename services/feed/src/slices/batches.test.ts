import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { batchesOf } from './batches.ts';

const limits = { items: 3, size: 10, sizeOf: (n: number) => n };

async function collect(source: AsyncGenerator<number, void, undefined>): Promise<number[][]> {
  const batches: number[][] = [];
  for await (const batch of batchesOf(source, limits)) batches.push(batch);
  return batches;
}

test('a batch holds what is there, up to its limits, and waits for no more', async () => {
  async function* source() {
    yield* [1, 1, 1, 1];
    await sleep(50);
    yield* [9, 4, 2];
    await sleep(50);
    yield 20;
    yield 1;
  }
  expect(await collect(source())).toEqual([[1, 1, 1], [1], [9, 4], [2], [20], [1]]);
});

test('an error comes after the items before it', async () => {
  async function* source() {
    yield 1;
    await sleep(10);
    throw new Error('the source failed');
  }
  const batches = batchesOf(source(), limits);
  expect((await batches.next()).value).toEqual([1]);
  await sleep(50);
  await expect(batches.next()).rejects.toThrow('the source failed');
});
