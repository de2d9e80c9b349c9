import { type Database, observeGauges, type Worker } from '@lienthong/kit';
import { type Counter, metrics } from '@opentelemetry/api';
import { countPayments } from './store/payments.ts';

const SCOPE = 'lienthong.casework';
let failures: Counter | undefined;

/** Counts a request to the provider that failed. */
export function countFailure(call: 'create' | 'check', cause: string): void {
  // Created at the first failure: an instrument created before the exporter starts stays silent.
  failures ??= metrics.getMeter(SCOPE).createCounter('lienthong.casework.payment_failures', {
    unit: '{request}',
    description: 'Requests to the payment provider that failed',
  });
  failures.add(1, { call, cause });
}

/** Payments that are open or to be given back, and problems that nobody has settled. */
export function paymentMetrics(db: Database): Worker {
  let stop = () => {};
  return {
    name: 'payment metrics',
    async start() {
      stop = observeGauges(
        SCOPE,
        {
          'lienthong.casework.payments': {
            unit: '{payment}',
            description: 'Payments through the provider that are open, to be given back, or a problem',
          },
        },
        async (report) => {
          const counts = await countPayments(db);
          for (const [state, count] of Object.entries(counts))
            report('lienthong.casework.payments', count, { state });
        },
      );
    },
    async stop() {
      stop();
    },
  };
}
