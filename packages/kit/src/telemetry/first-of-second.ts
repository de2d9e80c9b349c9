import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace-node';
import { createRates } from '../limits/rates.ts';

/**
 * Records so many new traces in a second: each of them while people work, and some of them under load, so that what
 * spans cost has a bound.
 */
export function firstOfSecond(perSecond: number, now = () => performance.now()): Sampler {
  const rates = createRates({ keys: 1, now });
  const rate = { perSecond, burst: perSecond };
  return {
    shouldSample: () => ({
      decision:
        rates.take([['traces', rate]], 1) === 0
          ? SamplingDecision.RECORD_AND_SAMPLED
          : SamplingDecision.NOT_RECORD,
    }),
    toString: () => `FirstOfSecond{${perSecond}}`,
  };
}
