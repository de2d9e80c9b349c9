import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';

/**
 * Sends traces and metrics to an OTLP endpoint. Without one nothing is collected, and the API's no-op
 * implementations cost next to nothing.
 * @returns flushes and stops the export
 */
export function startTelemetry(serviceName: string, endpoint: string | undefined): () => Promise<void> {
  if (endpoint === undefined) return async () => {};
  const resource = resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName });
  const base = endpoint.replace(/\/$/, '');
  const tracing = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${base}/v1/traces` }))],
  });
  tracing.register({
    contextManager: new AsyncLocalStorageContextManager(),
    propagator: new W3CTraceContextPropagator(),
  });
  const measuring = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `${base}/v1/metrics` }) }),
    ],
  });
  metrics.setGlobalMeterProvider(measuring);
  return async () => {
    await Promise.allSettled([tracing.shutdown(), measuring.shutdown()]);
    trace.disable();
    metrics.disable();
    context.disable();
    propagation.disable();
  };
}
