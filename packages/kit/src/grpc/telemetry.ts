import { metrics, context as otel, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type CallContext, ServerError, type ServerMiddlewareCall, Status } from 'nice-grpc-common';

const tracer = trace.getTracer('lienthong.grpc');
const duration = metrics.getMeter('lienthong.grpc').createHistogram('rpc.server.duration', {
  unit: 'ms',
  description: 'Time from a call to its status',
});

/** A span and a duration per call, under the caller's W3C trace context. */
export async function* telemetryMiddleware<Request, Response>(
  call: ServerMiddlewareCall<Request, Response>,
  context: CallContext,
) {
  const parent = propagation.extract(otel.active(), context.metadata, {
    get: (metadata, key) => metadata.get(key)?.toString(),
    keys: (metadata) => [...metadata].map(([key]) => key),
  });
  const method = call.method.path.slice(1);
  const span = tracer.startSpan(
    method,
    { kind: SpanKind.SERVER, attributes: { 'rpc.system': 'grpc' } },
    parent,
  );
  const active = trace.setSpan(parent, span);
  const start = performance.now();
  let status: Status = Status.OK;
  try {
    // A generator runs in the context of whoever asks for its next value: bind each step.
    const steps = call.next(call.request, context);
    while (true) {
      const step = await otel.with(active, () => steps.next());
      if (step.done) return step.value as Response;
      yield step.value as never;
    }
  } catch (error) {
    status = error instanceof ServerError ? error.code : Status.UNKNOWN;
    if (status === Status.INTERNAL || status === Status.UNKNOWN) span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    const attributes = { 'rpc.method': method, 'rpc.grpc.status_code': status };
    span.setAttributes(attributes);
    span.end();
    duration.record(performance.now() - start, attributes);
  }
}
