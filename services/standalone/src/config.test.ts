import { expect, test, vi } from 'vitest';
import { readStartSettings } from './config.ts';

test.each([
  [undefined, '127.0.0.1:9464'],
  ['off', undefined],
  ['127.0.0.1:0', '127.0.0.1:0'],
])('METRICS_LISTEN %s: metrics are read at %s', (given, address) => {
  vi.stubEnv('METRICS_LISTEN', given);
  expect(readStartSettings('.lienthong').METRICS_LISTEN).toBe(address);
  vi.unstubAllEnvs();
});
