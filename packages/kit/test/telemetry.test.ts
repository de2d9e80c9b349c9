import { startCollector } from '@lienthong/testkit';
import { trace } from '@opentelemetry/api';
import { Metadata } from 'nice-grpc';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTelemetry, type Telemetry } from '../src/index.ts';
import { serve } from './support/server.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const traceparent = { metadata: Metadata({ traceparent: `00-${TRACE}-${PARENT}-01` }) };
const call = { service: 'routing', consumer: 'inbox' };

let collector: Awaited<ReturnType<typeof startCollector>>;
let telemetry: Telemetry;

beforeAll(async () => {
  collector = await startCollector();
  telemetry = await startTelemetry({ service: 'kit-test', otlpEndpoint: `${collector.endpoint}/` });
});
afterAll(async () => {
  await telemetry.stop();
  await collector.close();
});

const traceOf = () => trace.getActiveSpan()?.spanContext().traceId;

test('the spans and durations of calls arrive at the collector under the caller’s trace', async () => {
  const inside: (string | undefined)[] = [];
  const { client } = await serve({
    async unary() {
      inside.push(traceOf());
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside.push(traceOf());
      return trace.getTracer('test').startActiveSpan('inner work', async (span) => {
        span.end();
        return {};
      });
    },
    async *download() {
      inside.push(traceOf());
      yield { chunk: new Uint8Array(1) };
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside.push(traceOf());
      yield { chunk: new Uint8Array(1) };
      inside.push(traceOf());
    },
    async getDocument() {
      inside.push(traceOf());
      throw new Error('bad luck');
    },
  });
  await client.operations.replayParkedEvents(call, traceparent);
  await Array.fromAsync(client.attachments.downloadAttachment({}, traceparent));
  const failed = await client.routing.getDocument({}, traceparent).catch((error: Error) => error.message);
  expect(failed).toContain(`internal error, trace ${TRACE}`);
  expect(inside).toEqual(Array.from({ length: 6 }, () => TRACE));

  await telemetry.stop();
  const byName = new Map(collector.spans.map((span) => [span.name, span]));
  for (const method of [
    'lienthong.operations.v1.OperationsService/ReplayParkedEvents',
    'lienthong.routing.v1.AttachmentService/DownloadAttachment',
    'lienthong.routing.v1.DocumentRoutingService/GetDocument',
  ]) {
    expect(byName.get(method)).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
  }
  const outer = byName.get('lienthong.operations.v1.OperationsService/ReplayParkedEvents');
  expect(byName.get('inner work')).toMatchObject({ traceId: TRACE, parentSpanId: outer?.spanId });
  expect(collector.metrics).toContain('rpc.server.call.duration');
  expect([...collector.services]).toContain('kit-test');
});
