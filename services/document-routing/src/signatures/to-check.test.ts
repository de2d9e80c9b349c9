import { SignatureCheck } from '@lienthong/contracts/routing';
import { expect, test } from 'vitest';
import { withFewResponses } from './to-check.ts';

const checkOf = (...ocspResponses: Buffer[]) => SignatureCheck.fromPartial({ ocspResponses });
const sizes = (checks: readonly SignatureCheck[]) =>
  checks.map(({ ocspResponses }) => ocspResponses.map(({ length }) => length));

test('a document keeps each OCSP response once, and 64 KiB of them', () => {
  const [small, large, another] = [Buffer.alloc(1_000, 1), Buffer.alloc(60_000, 2), Buffer.alloc(60_000, 3)];
  const checks = [checkOf(small, large), checkOf(small), checkOf(another), checkOf(Buffer.alloc(2_000, 4))];
  expect(sizes(withFewResponses(checks))).toEqual([[1_000, 60_000], [], [], [2_000]]);
});
