import type { Span as SpanMessage, Trace, TraceSummary } from '@lienthong/contracts/traces';
import { z } from 'zod';
import type { TraceSum, WholeTrace } from '../domain/source.ts';
import type { Span } from '../domain/span.ts';

const toDate = (us: number): Date => new Date(us / 1_000);

export const toSummary = ({ startedUs, endedUs, spans, failed, ...rest }: TraceSum): TraceSummary => ({
  ...rest,
  startedAt: toDate(startedUs),
  durationUs: BigInt(endedUs - startedUs),
  spans,
  failedSpans: failed,
});

export const toTrace = ({ sum, spans }: WholeTrace): Trace => ({
  summary: toSummary(sum),
  spans: spans.map((span) => toSpan(span, sum)),
});

const toSpan = (span: Span, { startedUs }: TraceSum): SpanMessage => ({
  spanId: span.spanId,
  parentSpanId: span.parentId,
  name: span.name,
  service: span.service,
  // The contract counts as OpenTelemetry does.
  kind: span.kind as SpanMessage['kind'],
  startedAt: toDate(span.startedUs),
  offsetUs: BigInt(span.startedUs - startedUs),
  durationUs: BigInt(span.durationUs),
  failed: span.failed,
  attributes: { ...span.attributes },
  links: [...span.links],
});

export const traceCursor = z.tuple([z.number().int(), z.string().regex(/^[0-9a-f]{32}$/)]);
