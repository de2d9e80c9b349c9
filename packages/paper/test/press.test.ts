import { afterEach, expect, test } from 'vitest';
import { renderHtml } from '../src/html/render.ts';
import { createPress, type Press } from '../src/index.ts';
import { renderPdf } from '../src/pdf/render.ts';
import { samplePaper, sampleRow, sampleTable } from './sample-paper.ts';

let press: Press;
const opened = () => {
  press = createPress();
  return press;
};
afterEach(() => press.stop());

const short = samplePaper();
const long = sampleTable(Array(501).fill(sampleRow('H61-260105-0001')));

test('prints what the renderers make', async () => {
  const printed = await opened().print(short, 'pdf');
  expect(printed.equals(await renderPdf(short, async () => {}))).toBe(true);
  expect((await press.print(long, 'html')).toString()).toBe(renderHtml(long));
});

test('a short paper does not wait for a long one', async () => {
  opened();
  const order: string[] = [];
  await Promise.all([
    press.print(long, 'pdf').then(() => order.push('long')),
    press.print(short, 'pdf').then(() => order.push('short')),
  ]);
  expect(order).toEqual(['short', 'long']);
});

test('long papers are made one after the other; more than its capacity are refused', async () => {
  opened();
  const order: number[] = [];
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, (_, i) => press.print(long, 'pdf').then(() => order.push(i))),
  );
  expect(order).toEqual([0, 1, 2, 3]);
  expect(results[4]).toMatchObject({
    status: 'rejected',
    reason: { refusal: { kind: 'resource-exhausted', reason: 'TOO_MANY_PAPERS' } },
  });
  expect((await press.print(short, 'pdf')).subarray(0, 5).toString()).toBe('%PDF-');
});

test('a paper that cannot be made fails alone', async () => {
  const wrong = { ...short, at: Number.NaN };
  await expect(opened().print(wrong, 'pdf')).rejects.toThrow();
  expect((await press.print(short, 'pdf')).length).toBeGreaterThan(1_000);
});

test('papers in progress fail when it stops; the next paper starts it again', async () => {
  const under = opened().print(long, 'pdf');
  const failed = expect(under).rejects.toThrow('the thread of the press ended');
  await press.stop();
  await failed;
  expect((await press.print(short, 'pdf')).length).toBeGreaterThan(1_000);
});
