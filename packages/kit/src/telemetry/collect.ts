import { metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import type { ListenTls } from '../tls/listen-tls.ts';
import { observeEventLoop } from './event-loop.ts';
import { openMetricsEndpoint } from './metrics-endpoint.ts';

const resourceOf = (service: string) => resourceFromAttributes({ [ATTR_SERVICE_NAME]: service });

/**
 * Sends spans over OTLP/HTTP to this base URL.
 * @param sampled true: every span that is begun is sent; false: as OTEL_TRACES_SAMPLER says, by default all
 */
export const collectTraces = (service: string, otlp: string, sampled: boolean): NodeTracerProvider =>
  new NodeTracerProvider({
    resource: resourceOf(service),
    ...(sampled && { sampler: new AlwaysOnSampler() }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${otlp}/v1/traces` }))],
  });

export interface MetricsOptions {
  service: string;
  /** Base URL that metrics are sent to over OTLP/HTTP; absent: nowhere. */
  otlp: string | undefined;
  /** host:port of /metrics; absent: no such endpoint. */
  metricsListen: string | undefined;
  tls: ListenTls;
}

export interface Metrics {
  /** host:port of /metrics; undefined when there is none. */
  address: string | undefined;
  setServing(serving: boolean): void;
  stop(): Promise<void>;
}

/** @throws when `metricsListen` cannot be listened on */
export async function startMetrics({ service, otlp, metricsListen, tls }: MetricsOptions): Promise<Metrics> {
  const endpoint = metricsListen ? await openMetricsEndpoint(metricsListen, tls) : undefined;
  const readers: IMetricReader[] = [];
  if (otlp) {
    const exporter = new OTLPMetricExporter({ url: `${otlp}/v1/metrics` });
    readers.push(new PeriodicExportingMetricReader({ exporter }));
  }
  if (endpoint) readers.push(endpoint.reader);
  const provider = new MeterProvider({ resource: resourceOf(service), readers });
  metrics.setGlobalMeterProvider(provider);
  const stopEventLoop = observeEventLoop();
  return {
    address: endpoint?.address,
    setServing: (serving) => endpoint?.setServing(serving),
    async stop() {
      endpoint?.close();
      // After the last collection, which still reads the event loop.
      await provider.shutdown();
      stopEventLoop();
      metrics.disable();
    },
  };
}
