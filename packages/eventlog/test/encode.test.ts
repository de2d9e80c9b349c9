import { encodeMessage } from '@lienthong/contracts/encode';
import { Document } from '@lienthong/contracts/routing';
import { expect, test } from 'vitest';

test('a message that cannot be encoded leaves nothing behind for the next one', () => {
  const whole = Document.fromPartial({ id: 'first', subject: 'V/v triển khai' });
  const bytes = Document.encode(whole).finish();
  const broken = { ...whole, subject: 'begun', year: 1.5 } as unknown as Document;
  expect(() => encodeMessage(Document, broken)).toThrow();
  expect(Buffer.from(encodeMessage(Document, whole))).toEqual(Buffer.from(bytes));
  const first = encodeMessage(Document, whole);
  encodeMessage(Document, { ...whole, id: 'other' });
  expect(Buffer.from(first)).toEqual(Buffer.from(bytes));
});
