import { expect, test } from 'vitest';
import { takesGzip } from '../src/http/gzip.ts';

test.each<[string | undefined, boolean]>([
  [undefined, false],
  ['', false],
  ['identity', false],
  ['br, deflate', false],
  ['gzip', true],
  ['br, GZIP;q=0.5', true],
  ['*', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000, br', false],
  ['x-gzip', false],
])('Accept-Encoding %j takes gzip: %s', (header, taken) => {
  expect(takesGzip(header)).toBe(taken);
});
