import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace-node';
import { expect, test } from 'vitest';
import { firstOfSecond } from './first-of-second.ts';

test('the first traces of a second are recorded, and the rate over time is bounded', () => {
  let now = 0;
  const sampler = firstOfSecond(10, () => now);
  const recorded = (count: number) =>
    Array.from({ length: count }, () =>
      sampler.shouldSample(ROOT_CONTEXT, 'a'.repeat(32), 'call', SpanKind.SERVER, {}, []),
    ).filter(({ decision }) => decision === SamplingDecision.RECORD_AND_SAMPLED).length;
  expect(recorded(1_000)).toBe(10);
  now += 500;
  expect(recorded(1_000)).toBe(5);
  now += 60_000;
  expect(recorded(1_000)).toBe(10);
});
