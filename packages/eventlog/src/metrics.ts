import type { Operations } from '@lienthong/kit';
import { type BatchObservableResult, metrics } from '@opentelemetry/api';

/** Relay lag, consumer lag and parked events, read when the exporter asks. Returns what stops it. */
export function observe(operations: Operations): () => void {
  // Not at module level: a meter taken before the exporter is set up stays silent.
  const meter = metrics.getMeter('lienthong.eventlog');
  const relayLag = meter.createObservableGauge('lienthong.relay.lag', {
    description: 'Events committed and not yet in the stream',
  });
  const consumerLag = meter.createObservableGauge('lienthong.consumer.lag', {
    description: 'Events in the stream and not yet applied',
  });
  const parked = meter.createObservableGauge('lienthong.consumer.parked', {
    description: 'Events that wait for an operator',
  });
  const read = async (result: BatchObservableResult) => {
    const { log, consumers } = await operations.status();
    if (log) {
      result.observe(relayLag, Math.max(0, log.sequenced - log.published), { source: log.source });
    }
    for (const { name, source, lag, parked: waiting } of consumers) {
      const attributes = { service: operations.service, consumer: name, source };
      result.observe(consumerLag, lag, attributes);
      result.observe(parked, waiting, attributes);
    }
  };
  const gauges = [relayLag, consumerLag, parked];
  meter.addBatchObservableCallback(read, gauges);
  return () => meter.removeBatchObservableCallback(read, gauges);
}
