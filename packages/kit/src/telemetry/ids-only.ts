import { randomUUID } from 'node:crypto';
import {
  type Context,
  context,
  isSpanContextValid,
  type Span,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';

/**
 * Spans that nobody collects: they carry the ids of log lines and events, and cost next to nothing. A span belongs to the
 * trace of its parent, or to a new one.
 */
export const idsOnly: TracerProvider = { getTracer: () => tracer };

const tracer: Tracer = {
  startSpan(_name: string, options?: SpanOptions, parent: Context = context.active()): Span {
    const above = options?.root ? undefined : trace.getSpanContext(parent);
    const isChild = above !== undefined && isSpanContextValid(above);
    return trace.wrapSpanContext({
      traceId: isChild ? above.traceId : newId(),
      spanId: newId().slice(16),
      traceFlags: TraceFlags.NONE,
      ...(isChild && above.traceState && { traceState: above.traceState }),
    });
  },
  startActiveSpan<F extends (span: Span) => ReturnType<F>>(
    name: string,
    ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
  ): ReturnType<F> {
    const work = rest.at(-1) as F;
    const [options, parent = context.active()] = rest.slice(0, -1) as [SpanOptions?, Context?];
    const span = tracer.startSpan(name, options, parent);
    return context.with(trace.setSpan(parent, span), work, undefined, span);
  },
};

/** 32 hexadecimal digits, random enough for W3C Trace Context. Node keeps a store of random UUIDs. */
const newId = (): string => randomUUID().replaceAll('-', '');
