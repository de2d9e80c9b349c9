import { type Clock, type Database, observeGauges, type Worker } from '@lienthong/kit';
import { type Counter, metrics } from '@opentelemetry/api';
import { readQueue } from './store/metrics.ts';

const SCOPE = 'lienthong.feed';
let attempts: Counter | undefined;

/** Counts one attempt by result and cause. */
export function countAttempt(delivered: boolean, cause: string): void {
  // Created at the first attempt: an instrument created before the exporter starts stays silent.
  attempts ??= metrics.getMeter(SCOPE).createCounter('lienthong.webhook.attempts', {
    unit: '{attempt}',
    description: 'Attempts to deliver an event to a webhook',
  });
  attempts.add(1, { result: delivered ? 'delivered' : 'failed', cause });
}

/** The queue of all webhooks, read from the database whenever metrics are collected. */
export function queueMetrics({ db, clock }: { db: Database; clock: Clock }): Worker {
  let stop = () => {};
  return {
    name: 'webhook metrics',
    async start() {
      stop = observeGauges(
        SCOPE,
        {
          'lienthong.webhook.waiting': { unit: '{event}', description: 'Events not delivered yet' },
          'lienthong.webhook.due': {
            unit: '{event}',
            description: 'Events of active webhooks whose time has come',
          },
          'lienthong.webhook.oldest_due': { unit: 's', description: 'How long the oldest due event waits' },
          'lienthong.webhook.down': {
            unit: '{webhook}',
            description: 'Active webhooks whose receiver is down',
          },
          'lienthong.webhook.suspended': { unit: '{webhook}', description: 'Suspended webhooks' },
        },
        async (report) => {
          const now = clock.now();
          const { waiting, due, oldest, down, suspended } = await readQueue(db, now);
          const ageMs = oldest === null ? 0 : now.getTime() - oldest.getTime();
          report('lienthong.webhook.waiting', waiting);
          report('lienthong.webhook.due', due);
          report('lienthong.webhook.oldest_due', Math.max(0, ageMs) / 1000);
          report('lienthong.webhook.down', down);
          report('lienthong.webhook.suspended', suspended);
        },
      );
    },
    async stop() {
      stop();
    },
  };
}
