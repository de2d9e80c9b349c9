import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../src/index.ts';

const now = new Date('2026-01-15T01:00:00Z');

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    ['Thu, 15 Jan 2026 01:01:00 GMT', 60_000],
    ['Thu, 15 Jan 2026 00:00:00 GMT', 0],
    ['0', 0],
    [' 120 ', 120_000],
    ['99999999', 86_400_000],
    ['9'.repeat(400), 86_400_000],
    ['Fri, 15 Jan 2027 01:00:00 GMT', 86_400_000],
    ['Thursday, 15-Jan-26 01:01:00 GMT', 60_000],
    ['Thu Jan 15 01:01:00 2026', 60_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['1e9', undefined],
    ['120, 240', undefined],
    ['Thu, 99 Jan 2026 01:00:00 GMT', undefined],
    ['2026-01-15T01:01:00Z', undefined],
    ['January 15', undefined],
    ['soon', undefined],
    ['\u0000', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, ms) => expect(retryAfterMs(header, now)).toBe(ms === undefined ? undefined : ms));
});
