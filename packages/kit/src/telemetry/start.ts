import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { type ListenTls, LOOPBACK_ONLY } from '../tls/listen-tls.ts';
import { observeEventLoop } from './event-loop.ts';
import { idsOnly } from './ids-only.ts';
import { type MetricsEndpoint, openMetricsEndpoint } from './metrics-endpoint.ts';

export interface TelemetryOptions {
  service: string;
  /** Where traces and metrics are sent to over OTLP/HTTP; absent: nowhere. */
  otlpEndpoint?: string | undefined;
  /** host:port that Prometheus reads /metrics from; absent: no such endpoint. */
  metricsListen?: string | undefined;
  /** Of that endpoint; plain text on this machine when absent. */
  tls?: ListenTls;
}

export interface Telemetry {
  /** host:port of /metrics; undefined when there is none. */
  metricsAddress: string | undefined;
  /** Sends what is not sent yet, then stops. */
  stop(): Promise<void>;
}

/**
 * Gives every call a trace id, and collects the traces and metrics that the settings enable. Without an OTLP endpoint
 * spans are not recorded: they only carry ids for log lines and events. Without a reader of metrics, instruments do nothing.
 * Starts before the services: an instrument that is older than its meter provider stays silent.
 * @throws when `metricsListen` cannot be listened on
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const resource = resourceFromAttributes({ [ATTR_SERVICE_NAME]: options.service });
  const otlp = options.otlpEndpoint?.replace(/\/$/, '');
  const { metricsListen, tls = LOOPBACK_ONLY } = options;
  const endpoint = metricsListen ? await openMetricsEndpoint(metricsListen, tls) : undefined;
  const collecting =
    otlp === undefined
      ? undefined
      : new NodeTracerProvider({
          resource,
          spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${otlp}/v1/traces` }))],
        });
  trace.setGlobalTracerProvider(collecting ?? idsOnly);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const stopMetrics = startMetrics(resource, otlp, endpoint);
  return {
    metricsAddress: endpoint?.address,
    async stop() {
      await Promise.allSettled([collecting?.shutdown(), stopMetrics()]);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

function startMetrics(
  resource: ReturnType<typeof resourceFromAttributes>,
  otlp: string | undefined,
  endpoint: MetricsEndpoint | undefined,
): () => Promise<void> {
  const readers: IMetricReader[] = [];
  if (otlp !== undefined) {
    const exporter = new OTLPMetricExporter({ url: `${otlp}/v1/metrics` });
    readers.push(new PeriodicExportingMetricReader({ exporter }));
  }
  if (endpoint) readers.push(endpoint.reader);
  if (readers.length === 0) return async () => {};
  const provider = new MeterProvider({ resource, readers });
  metrics.setGlobalMeterProvider(provider);
  const stopEventLoop = observeEventLoop();
  return async () => {
    endpoint?.close();
    // After the last collection, which still reads the event loop.
    await provider.shutdown();
    stopEventLoop();
    metrics.disable();
  };
}
