import { context, isSpanContextValid, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { startTelemetry } from '../src/index.ts';

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };

test('without a collector a span has ids of its own, in the trace of its parent, and is not recorded', async () => {
  const telemetry = await startTelemetry({ service: 'kit-test' });
  onTestFinished(() => telemetry.stop());
  const tracer = trace.getTracer('test');
  const parent = trace.setSpanContext(ROOT_CONTEXT, PARENT);

  const child = tracer.startSpan('child', {}, parent);
  expect(child.isRecording()).toBe(false);
  expect(child.spanContext()).toEqual({ ...PARENT, spanId: expect.any(String), traceFlags: TraceFlags.NONE });
  expect(isSpanContextValid(child.spanContext())).toBe(true);
  expect(child.spanContext().spanId).not.toBe(PARENT.spanId);

  const roots = Array.from({ length: 1_000 }, () => tracer.startSpan('root', { root: true }, parent));
  expect(roots.every((span) => isSpanContextValid(span.spanContext()))).toBe(true);
  expect(new Set([PARENT.traceId, ...roots.map((span) => span.spanContext().traceId)]).size).toBe(1_001);
  expect(new Set(roots.map((span) => span.spanContext().spanId)).size).toBe(1_000);

  await context.with(parent, () =>
    tracer.startActiveSpan('outer', async (outer) => {
      await Promise.resolve();
      expect(trace.getActiveSpan()).toBe(outer);
      expect(outer.spanContext().traceId).toBe(PARENT.traceId);
    }),
  );
});
