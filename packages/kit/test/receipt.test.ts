import { expect, test } from 'vitest';
import { z } from 'zod';
import { drawSecret, isSameDigest, receiptField, toDigest, toTrackingDigest } from '../src/index.ts';

test('code and secret may be in small letters and with spaces', () => {
  const receipt = z.object(receiptField).parse({ code: ' h61.855 -260115', secret: 'abcd efgh\tjkmn' });
  expect(receipt).toEqual({ code: 'H61.855-260115', secret: 'ABCDEFGHJKMN' });
  expect(z.object(receiptField).safeParse({ code: ' ', secret: 'x'.repeat(41) }).success).toBe(false);
});

test('a new secret has 12 characters that nobody confuses, and parses to itself', () => {
  const secrets = new Set(Array.from({ length: 500 }, drawSecret));
  expect(secrets.size).toBe(500);
  for (const secret of secrets) {
    expect(secret).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/);
    expect(receiptField.secret.parse(secret)).toBe(secret);
  }
});

test('a digest equals only that of the same secret and dossier', () => {
  const kept = toTrackingDigest('a', 'SECRET');
  expect(kept).toEqual(toDigest('a:SECRET'));
  expect(isSameDigest(toTrackingDigest('a', 'SECRET'), kept)).toBe(true);
  for (const other of [toTrackingDigest('b', 'SECRET'), toTrackingDigest('a', 'SECRES'), toDigest('SECRET')])
    expect(isSameDigest(other, kept)).toBe(false);
});

test('a missing or shortened digest equals nothing', () => {
  const given = toDigest('SECRET');
  const nothing = [undefined, new Uint8Array(), given.subarray(0, 31), Buffer.from('not hexadecimal', 'hex')];
  expect(nothing.map((kept) => isSameDigest(given, kept))).toEqual([false, false, false, false]);
  expect(isSameDigest(new Uint8Array(32), undefined)).toBe(false);
  expect(isSameDigest(new Uint8Array(), new Uint8Array())).toBe(false);
});
