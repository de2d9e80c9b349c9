import { metrics, context as otel, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type CallContext, ServerError, type ServerMiddlewareCall, Status } from 'nice-grpc-common';

/**
 * A span and a duration per call, under the caller's W3C trace context. Made when the server starts: an
 * instrument asked for before metrics are set up records nothing for ever.
 */
export function telemetryMiddleware() {
  const tracer = trace.getTracer('lienthong.grpc');
  const duration = metrics.getMeter('lienthong.grpc').createHistogram('rpc.server.duration', {
    unit: 'ms',
    description: 'Time from a call to its status',
  });
  return async function* <Request, Response>(
    call: ServerMiddlewareCall<Request, Response>,
    context: CallContext,
  ) {
    const parent = propagation.extract(otel.active(), context.metadata, {
      get: (metadata, key) => metadata.get(key)?.toString(),
      keys: (metadata) => [...metadata].map(([key]) => key),
    });
    const method = call.method.path.slice(1);
    const options = { kind: SpanKind.SERVER, attributes: { 'rpc.system': 'grpc' } };
    const span = tracer.startSpan(method, options, parent);
    const active = trace.setSpan(parent, span);
    const start = performance.now();
    let status: Status = Status.OK;
    try {
      const steps = call.next(call.request, context) as AsyncGenerator<never, Response, undefined>;
      // A generator runs in the context of whoever asks for its next value: bind every step.
      return yield* {
        next: otel.bind(active, () => steps.next()),
        return: otel.bind(active, (value: Response) => steps.return(value)),
        throw: otel.bind(active, (error: unknown) => steps.throw(error)),
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    } catch (error) {
      status = error instanceof ServerError ? error.code : Status.UNKNOWN;
      if (status === Status.INTERNAL || status === Status.UNKNOWN) span.recordException(error as Error);
      throw error;
    } finally {
      // A caller that went away, or its deadline, leaves no other mark.
      if (context.signal.aborted && status === Status.OK) status = Status.CANCELLED;
      if (status !== Status.OK) span.setStatus({ code: SpanStatusCode.ERROR });
      const attributes = { 'rpc.method': method, 'rpc.grpc.status_code': status };
      span.setAttributes(attributes);
      span.end();
      duration.record(performance.now() - start, attributes);
    }
  };
}
