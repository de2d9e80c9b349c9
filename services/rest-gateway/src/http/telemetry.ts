import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@lienthong/kit';
import { metrics, context as otel, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** How a request ended, for its log line. */
export interface Ending {
  reason?: string | undefined;
}

/** Seconds; as for calls over gRPC. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

/** A span, a duration and a log line for each request, under the caller's W3C trace context. */
export function createTelemetry(log: Logger) {
  const tracer = trace.getTracer('lienthong.rest');
  const duration = metrics.getMeter('lienthong.rest').createHistogram('http.server.request.duration', {
    unit: 's',
    description: 'Time from a request to the end of its response',
    advice: { explicitBucketBoundaries: BUCKETS },
  });

  /** @param route the path of the method, or of what else is served: addresses of callers make no series */
  return async function observe(
    request: IncomingMessage,
    response: ServerResponse,
    route: string,
    serve: () => Promise<Ending>,
  ): Promise<void> {
    const parent = propagation.extract(otel.active(), request.headers);
    const method = request.method ?? '';
    const attributes = { 'http.request.method': method, 'http.route': route };
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    const start = performance.now();
    const { reason } = await otel.with(trace.setSpan(parent, span), serve);
    const ms = performance.now() - start;
    const status = response.statusCode;
    span.setAttribute('http.response.status_code', status);
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    if (reason !== undefined) span.setAttribute('error.type', reason);
    span.end();
    duration.record(ms / 1_000, { ...attributes, 'http.response.status_code': status });
    if (log.isLevelEnabled('info')) {
      const { traceId } = span.spanContext();
      const line = {
        method,
        route,
        status,
        reason,
        duration_ms: Math.round(ms * 10) / 10,
        trace_id: traceId,
      };
      log.info(line, 'request');
    }
  };
}
