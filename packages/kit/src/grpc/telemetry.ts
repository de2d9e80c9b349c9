import {
  metrics,
  context as otel,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { type CallContext, ServerError, type ServerMiddlewareCall, Status } from 'nice-grpc-common';
import { ErrorInfo, RichServerError } from 'nice-grpc-error-details';
import type { Caller } from '../auth/caller.ts';
import type { Logger } from '../log.ts';
import { annotate } from '../telemetry/story.ts';

/** Calls of monitors and tools: many, and the same every time. */
const QUIET = /^\/grpc\.(health|reflection)\./;
/** Seconds. A call takes a few milliseconds; a following stream hours. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

/**
 * A span, a duration and a log line per call, under the caller's W3C trace context; of a stream at its end. Made when
 * the server starts: an instrument that is older than its meter provider stays silent.
 */
export function telemetryMiddleware(log: Logger) {
  const tracer = trace.getTracer('lienthong.grpc');
  const duration = metrics.getMeter('lienthong.grpc').createHistogram('rpc.server.call.duration', {
    unit: 's',
    description: 'Time from a call to its status',
    advice: { explicitBucketBoundaries: BUCKETS },
  });
  return async function* <Request, Response>(
    call: ServerMiddlewareCall<Request, Response>,
    context: CallContext & { caller?: Caller },
  ) {
    const parent = propagation.extract(otel.active(), context.metadata, {
      get: (metadata, key) => metadata.get(key)?.toString(),
      keys: (metadata) => [...metadata].map(([key]) => key),
    });
    const method = call.method.path.slice(1);
    const options = {
      kind: SpanKind.SERVER,
      attributes: { 'rpc.system.name': 'grpc', 'rpc.method': method },
    };
    const span = tracer.startSpan(method, options, parent);
    const active = trace.setSpan(parent, span);
    const start = performance.now();
    let status: Status = Status.OK;
    let error: unknown;
    try {
      const steps = call.next(call.request, context) as AsyncGenerator<never, Response, undefined>;
      // A generator runs in the context of the code that requests its next value: every step is given its own.
      return yield* {
        next: () => otel.with(active, () => steps.next()),
        return: (value: Response) => otel.with(active, () => steps.return(value)),
        throw: (error: unknown) => otel.with(active, () => steps.throw(error)),
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    } catch (thrown) {
      error = thrown;
      status = thrown instanceof ServerError ? thrown.code : Status.UNKNOWN;
      throw thrown;
    } finally {
      // A caller that went away, or its deadline, leaves no other mark.
      if (context.signal.aborted && status === Status.OK) status = Status.CANCELLED;
      const ms = performance.now() - start;
      const code = Status[status] as string;
      const agency = context.caller?.agencyId || undefined;
      annotate({ agency }, span);
      endSpan(span, status, error);
      duration.record(ms / 1000, {
        'rpc.system.name': 'grpc',
        'rpc.method': method,
        'rpc.response.status_code': code,
      });
      const level = QUIET.test(call.method.path) ? 'debug' : 'info';
      if (log.isLevelEnabled(level)) {
        const line = { method, code, reason: reasonOf(error), duration_ms: Math.round(ms * 10) / 10, agency };
        otel.with(active, () => log[level](line, 'call'));
      }
    }
  };
}

function endSpan(span: Span, status: Status, error: unknown): void {
  if (span.isRecording()) {
    const code = Status[status] as string;
    span.setAttribute('rpc.response.status_code', code);
    if (status !== Status.OK) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', reasonOf(error) ?? code);
    }
    if (status === Status.INTERNAL || status === Status.UNKNOWN) span.recordException(error as Error);
  }
  span.end();
}

/** The refusal's reason: what operators count and search by. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof RichServerError)) return undefined;
  for (const detail of error.extra) if (detail.$type === ErrorInfo.$type) return (detail as ErrorInfo).reason;
  return undefined;
}
