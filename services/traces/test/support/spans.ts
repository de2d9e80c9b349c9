import { randomBytes } from 'node:crypto';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

interface Wanted {
  /** When it began, in milliseconds since 1970. */
  at: number;
  ms?: number;
  attributes?: Record<string, string | number | string[]>;
  failed?: boolean;
  names?: string[];
}

/** A trace of nested spans, made by OpenTelemetry's own library, as its exporter sends it. */
export function traceOf({
  at,
  ms = 10,
  attributes = {},
  failed = false,
  names = ['call', 'commands'],
}: Wanted) {
  const kept = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'casework' }),
    spanProcessors: [new SimpleSpanProcessor(kept)],
  });
  const tracer = provider.getTracer('test');
  const linked = { traceId: hex(16), spanId: hex(8), traceFlags: 1 };
  let parent = context.active();
  const spans = names.map((name, n) => {
    const span = tracer.startSpan(
      name,
      { kind: SpanKind.SERVER, startTime: at + n, attributes, links: n === 0 ? [] : [{ context: linked }] },
      parent,
    );
    parent = trace.setSpan(parent, span);
    return span;
  });
  if (failed) spans.at(-1)?.setStatus({ code: SpanStatusCode.ERROR });
  for (const span of spans.toReversed()) span.end(at + ms);
  const finished = kept.getFinishedSpans();
  return {
    traceId: spans[0]?.spanContext().traceId ?? '',
    linked,
    protobuf: Buffer.from(ProtobufTraceSerializer.serializeRequest(finished) ?? []),
  };
}
