import type { traces } from '@lienthong/contracts/json';
import { expect, test } from 'vitest';
import { durationText, waterfall } from '../app/src/screens/traces/bars.ts';

const span = (spanId: string, parentSpanId: string, offsetUs: number, durationUs: number): traces.Span => ({
  spanId,
  parentSpanId,
  name: spanId,
  service: 'casework',
  kind: 'SPAN_KIND_INTERNAL',
  startedAt: '2026-01-15T01:00:00Z',
  offsetUs: String(offsetUs),
  durationUs: String(durationUs),
  failed: false,
  attributes: {},
  links: [],
});
const shape = (spans: traces.Span[]) =>
  waterfall(spans).map(({ span, depth, from, length }) => [span.spanId, depth, from, length]);

test('each span stands below its parent, by its beginning, in proportion to the whole', () => {
  expect(
    shape([
      span('publish', 'commands', 600, 200),
      span('call', 'not kept', 0, 1_000),
      span('commands', 'call', 100, 500),
      span('later', 'call', 900, 100),
    ]),
  ).toEqual([
    ['call', 0, 0, 1_000],
    ['commands', 1, 100, 500],
    ['publish', 2, 600, 200],
    ['later', 1, 900, 100],
  ]);
});

test('spans that took no time, and none at all, break nothing', () => {
  expect(shape([span('a', '', 5, 0)])).toEqual([['a', 0, 0, 0]]);
  expect(shape([])).toEqual([]);
});

test('durations are read at a glance', () => {
  expect([850, 12_500, 120_400, 3_210_000].map((us) => durationText(us, 'vi'))).toEqual([
    '850 µs',
    '12,5 ms',
    '120 ms',
    '3,2 s',
  ]);
});
