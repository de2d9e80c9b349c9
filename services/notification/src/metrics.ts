import { type Clock, type Database, observeGauges, type Worker } from '@lienthong/kit';
import { type Counter, metrics } from '@opentelemetry/api';
import type { SendResult } from './domain/channel.ts';
import { CHANNEL_KEYS } from './domain/topics.ts';
import { readCircuits } from './store/circuits.ts';
import { readQueues } from './store/queues.ts';

const SCOPE = 'lienthong.notification';
let attempts: Counter | undefined;

/** Counts one attempt by channel, result and cause. */
export function countAttempt(channel: string, result: SendResult): void {
  // Created at the first attempt: an instrument created before the exporter starts stays silent.
  attempts ??= metrics.getMeter(SCOPE).createCounter('lienthong.notification.attempts', {
    unit: '{attempt}',
    description: 'Attempts to send a message',
  });
  attempts.add(1, { channel, result: result.kind, ...('cause' in result && { cause: result.cause }) });
}

/** The queues and circuits of all channels, read from the database whenever metrics are collected. */
export function queueMetrics({ db, clock }: { db: Database; clock: Clock }): Worker {
  let stop = () => {};
  return {
    name: 'queue metrics',
    async start() {
      stop = observeGauges(
        SCOPE,
        {
          'lienthong.notification.waiting': { unit: '{message}', description: 'Messages not sent yet' },
          'lienthong.notification.due': { unit: '{message}', description: 'Messages whose time has come' },
          'lienthong.notification.oldest_due': {
            unit: 's',
            description: 'How long the oldest due message waits',
          },
          'lienthong.notification.failed': { unit: '{message}', description: 'Messages that were given up' },
          'lienthong.notification.circuit_open': {
            unit: '1',
            description: '1 while the provider is unavailable',
          },
        },
        async (report) => {
          const now = clock.now();
          const [queues, circuits] = await Promise.all([readQueues(db, now), readCircuits(db)]);
          for (const { channel, waiting, due, failed, oldest } of queues) {
            const attributes = { channel: CHANNEL_KEYS[channel] };
            const ageMs = oldest === null ? 0 : now.getTime() - oldest.getTime();
            report('lienthong.notification.waiting', waiting, attributes);
            report('lienthong.notification.due', due, attributes);
            report('lienthong.notification.oldest_due', Math.max(0, ageMs) / 1000, attributes);
            report('lienthong.notification.failed', failed, attributes);
            const isOpen = (circuits.get(channel)?.failures ?? 0) > 0;
            report('lienthong.notification.circuit_open', isOpen ? 1 : 0, attributes);
          }
        },
      );
    },
    async stop() {
      stop();
    },
  };
}
