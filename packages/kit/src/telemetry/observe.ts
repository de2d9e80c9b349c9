import { type Attributes, metrics, type ObservableGauge } from '@opentelemetry/api';

export interface Gauge {
  /** UCUM, for example `s`, `By` or `{event}`. */
  unit: string;
  description: string;
}

/** Records one value of a gauge. */
export type Report<N extends string> = (name: N, value: number, attributes?: Attributes) => void;

/**
 * Gauges that are read together, and only when metrics are collected. A reading that fails leaves these gauges out of
 * that collection. Call it when the measured part starts; it returns a function that stops the gauges.
 * @param scope names the instruments' library, for example `lienthong.eventlog`
 */
export function observeGauges<N extends string>(
  scope: string,
  gauges: Readonly<Record<N, Gauge>>,
  read: (report: Report<N>) => Promise<void> | void,
): () => void {
  const meter = metrics.getMeter(scope);
  const instruments = Object.fromEntries(
    Object.entries<Gauge>(gauges).map(([name, options]) => [
      name,
      meter.createObservableGauge(name, options),
    ]),
  ) as Record<N, ObservableGauge>;
  const all = Object.values<ObservableGauge>(instruments);
  const callback: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) =>
    read((name, value, attributes) => result.observe(instruments[name], value, attributes));
  meter.addBatchObservableCallback(callback, all);
  return () => meter.removeBatchObservableCallback(callback, all);
}
