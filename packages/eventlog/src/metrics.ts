import { observeGauges } from '@lienthong/kit';
import { metrics } from '@opentelemetry/api';
import type { Operations } from './operations/operations.ts';

const SCOPE = 'lienthong.eventlog';

/** Relay lag, consumer lag and parked events, read when metrics are collected. The returned function stops that. */
export function observeLog({ service, status }: Operations): () => void {
  return observeGauges(
    SCOPE,
    {
      'lienthong.relay.lag': { unit: '{event}', description: 'Events committed and not yet in the stream' },
      'lienthong.relay.halted': {
        unit: '1',
        description: '1 when the relay stopped because stream and database disagree',
      },
      'lienthong.consumer.lag': { unit: '{event}', description: 'Events in the stream and not yet applied' },
      'lienthong.consumer.parked': { unit: '{event}', description: 'Events that wait for an operator' },
    },
    async (report) => {
      const { log, consumers } = await status();
      if (log) {
        const attributes = { 'lienthong.service': service };
        report('lienthong.relay.lag', Math.max(0, log.position - log.published), attributes);
        report('lienthong.relay.halted', log.halted === '' ? 0 : 1, attributes);
      }
      for (const { name, source, lag, parked } of consumers) {
        const attributes = {
          'lienthong.service': service,
          'lienthong.consumer': name,
          'lienthong.source': source,
        };
        report('lienthong.consumer.lag', lag, attributes);
        report('lienthong.consumer.parked', parked, attributes);
      }
    },
  );
}

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** Measures transactions of commands. Create it after `startTelemetry`, as the command bus does. */
export function batchMeter(service: string) {
  const meter = metrics.getMeter(SCOPE);
  const size = meter.createHistogram('lienthong.commands.batch.size', {
    unit: '{command}',
    description: 'Commands of one transaction',
    advice: { explicitBucketBoundaries: SIZES },
  });
  const duration = meter.createHistogram('lienthong.commands.batch.duration', {
    unit: 's',
    description: 'Time of one transaction of commands',
    advice: { explicitBucketBoundaries: SECONDS },
  });
  const attributes = { 'lienthong.service': service };
  return async <R>(commands: number, transaction: () => Promise<R>): Promise<R> => {
    const start = performance.now();
    try {
      return await transaction();
    } finally {
      size.record(commands, attributes);
      duration.record((performance.now() - start) / 1000, attributes);
    }
  };
}
