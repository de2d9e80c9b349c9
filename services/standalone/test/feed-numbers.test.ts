import type { SourcePlan } from '@lienthong/eventlog';
import { expect, test } from 'vitest';
import { numbersBehind } from '../src/reconcile/feed-numbers.ts';

const plan = (kept: number, lost: number, feedAt: number): SourcePlan => ({
  source: 'casework',
  head: kept,
  streamEnd: kept + lost,
  kept,
  lost: Array.from({ length: lost }, (_, n) => ({ position: kept + n + 1, found: undefined })),
  moved: 0,
  rebuild: lost > 0,
  toPublish: 0,
  consumers: [
    { service: 'audit', consumer: 'record', position: kept },
    { service: 'feed', consumer: 'feed', position: feedAt },
  ],
  ahead: [],
});

test.each([
  ['what the feed had still to apply, and what is lost', [plan(10, 5, 8)], 7],
  ['each source, also of one that has lost nothing', [plan(10, 5, 10), plan(3, 2, 1), plan(6, 0, 4)], 11],
  ['nothing when nothing is lost', [plan(10, 0, 8)], 0],
  ['nothing when the feed is ahead: its database was not restored', [plan(10, 5, 15)], 0],
])('the feed leaves out the numbers of %s', (_, plans, numbers) => {
  expect(numbersBehind(plans)).toBe(numbers);
});
