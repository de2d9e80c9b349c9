import type { Span as SpanMessage, TraceSummary } from '@lienthong/contracts/traces';
import { z } from 'zod';
import type { Span } from '../domain/span.ts';
import type { TraceRow } from '../store/find-traces.ts';

const toDate = (us: number): Date => new Date(us / 1_000);

export const toSummary = (row: TraceRow): TraceSummary => ({
  traceId: row.trace_id,
  name: row.name,
  service: row.service,
  startedAt: toDate(Number(row.started_us)),
  durationUs: BigInt(row.ended_us) - BigInt(row.started_us),
  spans: row.spans,
  failedSpans: row.failed,
});

export const toSpanMessage = (span: Span): SpanMessage => ({
  spanId: span.spanId,
  parentSpanId: span.parentId,
  name: span.name,
  service: span.service,
  // The contract counts as OpenTelemetry does.
  kind: span.kind as SpanMessage['kind'],
  startedAt: toDate(span.startedUs),
  durationUs: BigInt(span.durationUs),
  failed: span.failed,
  attributes: { ...span.attributes },
  links: [...span.links],
});

export const traceCursor = z.tuple([z.string().regex(/^\d{1,19}$/), z.string().regex(/^[0-9a-f]{32}$/)]);
