import { afterEach, expect, test } from 'vitest';
import { sampleCase } from '../../../test/support/sample-case.ts';
import { receiptOf, receiptPaper } from '../forms/receipt.ts';
import { registerPaper } from '../forms/register.ts';
import { createPdfPress, type PdfPress } from './press.ts';
import { renderPdf } from './render.ts';

let press: PdfPress;
const opened = () => {
  press = createPdfPress();
  return press;
};
afterEach(() => press.stop());

const model = receiptOf(sampleCase());
if (!model.ok) throw new Error(model.refusal.message);
const receipt = receiptPaper(model.value);
const entry = {
  code: 'H61-260105-0001',
  procedure: 'Đăng ký biến động quyền sử dụng đất',
  applicant: 'Nguyễn Thị Bích Ngọc',
  address: 'Ấp An Thành',
  phone: '',
  solvedBy: '',
  receivedAt: 0,
  dueAt: null,
  passedOnAt: null,
  finishedAt: null,
  returnedAt: null,
  note: '',
};
const long = registerPaper({
  at: 0,
  agency: 'X',
  from: '2026-01-01',
  to: '2026-01-31',
  entries: Array(501).fill(entry),
});

test('prints what the renderer makes', async () => {
  const printed = await opened().print(receipt);
  expect(printed.equals(await renderPdf(receipt, async () => {}))).toBe(true);
});

test('a short paper does not wait for a long one', async () => {
  opened();
  const order: string[] = [];
  await Promise.all([
    press.print(long).then(() => order.push('long')),
    press.print(receipt).then(() => order.push('short')),
  ]);
  expect(order).toEqual(['short', 'long']);
});

test('long papers come one after the other; with more than there is room for it goes on after', async () => {
  opened();
  const order: number[] = [];
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, (_, i) => press.print(long).then(() => order.push(i))),
  );
  expect(order).toEqual([0, 1, 2, 3]);
  expect(results[4]).toMatchObject({
    status: 'rejected',
    reason: { refusal: { kind: 'resource-exhausted', reason: 'TOO_MANY_PAPERS' } },
  });
  expect((await press.print(receipt)).subarray(0, 5).toString()).toBe('%PDF-');
});

test('a paper that cannot be made fails alone', async () => {
  const wrong = { ...receipt, at: Number.NaN };
  await expect(opened().print(wrong)).rejects.toThrow();
  expect((await press.print(receipt)).length).toBeGreaterThan(1_000);
});

test('papers under way fail when it stops; the next starts it anew', async () => {
  const under = opened().print(long);
  const failed = expect(under).rejects.toThrow('the PDF thread ended');
  await press.stop();
  await failed;
  expect((await press.print(receipt)).length).toBeGreaterThan(1_000);
});
