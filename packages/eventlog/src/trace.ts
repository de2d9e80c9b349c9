import { type Attributes, type Context, isSpanContextValid, SpanKind, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('lienthong.eventlog');

/** The W3C traceparent of a context's span; '' outside a trace. */
export function traceparentOf(context: Context): string {
  const span = trace.getSpanContext(context);
  if (!span || !isSpanContextValid(span)) return '';
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** Runs in a span of its own that links the traces of what it works on. */
export async function inSpan<T>(
  name: string,
  attributes: Attributes,
  run: () => Promise<T>,
  traceparents: readonly string[] = [],
): Promise<T> {
  const links = traceparents.slice(0, 32).flatMap((text) => {
    const [, traceId, spanId, flags] = text.split('-');
    return traceId && spanId
      ? [{ context: { traceId, spanId, traceFlags: Number.parseInt(flags ?? '0', 16) } }]
      : [];
  });
  return tracer.startActiveSpan(name, { kind: SpanKind.INTERNAL, attributes, links }, async (span) => {
    try {
      return await run();
    } catch (error) {
      span.recordException(error as Error);
      throw error;
    } finally {
      span.end();
    }
  });
}
