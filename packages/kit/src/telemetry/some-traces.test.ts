import { ROOT_CONTEXT, type Span, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { AlwaysOnSampler, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { expect, test } from 'vitest';
import { someTraces } from './some-traces.ts';

let now = 0;
const tracer = someTraces(
  new NodeTracerProvider({ sampler: new AlwaysOnSampler() }),
  10,
  () => now,
).getTracer('test');
const begin = (parent = ROOT_CONTEXT, kind = SpanKind.INTERNAL) => tracer.startSpan('x', { kind }, parent);
const recorded = (count: number, start: () => Span) =>
  Array.from({ length: count }, start).filter((span) => span.isRecording()).length;
const remote = (traceFlags: TraceFlags) =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    traceFlags,
    isRemote: true,
  });

test('the first traces of a second are recorded, and their number over time is bounded', () => {
  expect(recorded(1_000, () => begin())).toBe(10);
  now += 500;
  expect(recorded(1_000, () => begin())).toBe(5);
  now += 60_000;
  expect(recorded(1_000, () => begin())).toBe(10);
});

test('a trace is recorded whole or not at all, also where it goes on', () => {
  now += 60_000;
  const root = begin();
  expect(recorded(100, () => begin(trace.setSpan(ROOT_CONTEXT, root)))).toBe(100);
  expect(recorded(100, () => begin(remote(TraceFlags.SAMPLED), SpanKind.CONSUMER))).toBe(100);
  expect(recorded(100, () => begin(remote(TraceFlags.NONE), SpanKind.CONSUMER))).toBe(0);
});

test('a call counts whatever its caller says, and keeps the caller’s trace', () => {
  now += 60_000;
  expect(recorded(1_000, () => begin(remote(TraceFlags.SAMPLED), SpanKind.SERVER))).toBe(10);
  now += 60_000;
  expect(recorded(1_000, () => begin(remote(TraceFlags.NONE), SpanKind.SERVER))).toBe(10);
  const unrecorded = begin(remote(TraceFlags.SAMPLED), SpanKind.SERVER).spanContext();
  expect(unrecorded).toMatchObject({ traceId: 'a'.repeat(32), traceFlags: TraceFlags.NONE });
});

test('a trace that began here goes on when a gateway of this process calls', () => {
  now += 60_000;
  const root = begin(ROOT_CONTEXT, SpanKind.SERVER);
  expect(recorded(1_000, () => begin())).toBe(9);
  const call = trace.setSpanContext(ROOT_CONTEXT, { ...root.spanContext(), isRemote: true });
  expect(recorded(3, () => begin(call, SpanKind.SERVER))).toBe(3);
});

test('work gets its span', () => {
  now += 60_000;
  expect(tracer.startActiveSpan('x', (span) => span.isRecording())).toBe(true);
  expect(tracer.startActiveSpan('x', { root: true }, ROOT_CONTEXT, (span) => span.isRecording())).toBe(true);
});
