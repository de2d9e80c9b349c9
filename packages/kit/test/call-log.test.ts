import { trace } from '@opentelemetry/api';
import { createClient, Metadata } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { refuse, startTelemetry, type Telemetry } from '../src/index.ts';
import { memoryLog } from './support/log.ts';
import { clerk, connectAs, issuer, serve } from './support/server.ts';

const REPLAY = 'lienthong.operations.v1.OperationsService/ReplayParkedEvents';
const GET = 'lienthong.routing.v1.DocumentRoutingService/GetDocument';
const DOWNLOAD = 'lienthong.routing.v1.AttachmentService/DownloadAttachment';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const traceparent = { metadata: Metadata({ traceparent: `00-${TRACE}-b7ad6b7169203331-01` }) };
const secrets = { service: 'Nguyễn Thị Bí Mật', consumer: '0901234567' };

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'kit-test' });
});
afterAll(() => telemetry.stop());

/** The lines of calls so far. */
const calls = (lines: Record<string, unknown>[]) => lines.filter(({ msg }) => msg === 'call');

test('a call is one line with its trace, method, code, duration and the caller’s agency, without a collector', async () => {
  const { log, lines } = memoryLog();
  let inside: string | undefined;
  const { client } = await serve(
    {
      unary: async () => {
        inside = trace.getActiveSpan()?.spanContext().traceId;
        expect(trace.getActiveSpan()?.isRecording()).toBe(false);
        return {};
      },
    },
    log,
  );
  await client.operations.replayParkedEvents(secrets);
  await client.operations.replayParkedEvents(secrets, traceparent);
  await vi.waitFor(() => expect(calls(lines)).toHaveLength(2));
  const [first, second] = calls(lines);
  expect(first).toMatchObject({ level: 30, method: REPLAY, code: 'OK', agency: clerk.agencyId });
  expect(first?.trace_id).toMatch(/^[0-9a-f]{32}$/);
  expect(first?.duration_ms).toBeGreaterThanOrEqual(0);
  expect(second?.trace_id).toBe(TRACE);
  expect(inside).toBe(TRACE);
});

test('refused, unauthenticated, failed and cancelled calls have a line too; a stream has one at its end', async () => {
  const { log, lines } = memoryLog();
  const arrived = Promise.withResolvers<void>();
  const server = await serve(
    {
      policy: { anyOf: ['clerk'] },
      unary: async () => refuse({ kind: 'not-found', reason: 'GONE', message: 'it is gone' }),
      getDocument: async () => {
        throw new Error('bad luck');
      },
      async *download(_, { signal }) {
        yield { chunk: new Uint8Array(1) };
        arrived.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    },
    log,
  );
  const codes = async (method: string, code: string) => {
    await vi.waitFor(() => expect(calls(lines).at(-1)).toMatchObject({ method, code }));
    return calls(lines).at(-1);
  };
  const { client } = server;

  await client.operations.replayParkedEvents(secrets).catch(() => {});
  expect(await codes(REPLAY, 'NOT_FOUND')).toMatchObject({ reason: 'GONE', agency: clerk.agencyId });

  const officer = connectAs(server.address, { ...clerk, roles: ['officer'] });
  await officer.operations.replayParkedEvents(secrets).catch(() => {});
  expect(await codes(REPLAY, 'PERMISSION_DENIED')).toMatchObject({ agency: clerk.agencyId });

  await connectAs(server.address, 'no token')
    .operations.replayParkedEvents(secrets)
    .catch(() => {});
  expect(await codes(REPLAY, 'UNAUTHENTICATED')).not.toHaveProperty('agency');

  const failed = await client.routing.getDocument({}).catch((error: Error) => error.message);
  const line = await codes(GET, 'INTERNAL');
  expect(failed).toContain(`internal error, trace ${line?.trace_id}`);

  const leaving = new AbortController();
  const reading = Array.fromAsync(client.attachments.downloadAttachment({}, { signal: leaving.signal }));
  await arrived.promise;
  expect(calls(lines)).toHaveLength(4);
  leaving.abort();
  await reading.catch(() => {});
  await codes(DOWNLOAD, 'CANCELLED');
});

test('calls of health and reflection are logged at debug', async () => {
  const { log, lines } = memoryLog();
  const { channel } = await serve({}, log);
  await createClient(HealthDefinition, channel).check({ service: '' });
  await vi.waitFor(() => expect(calls(lines)).toHaveLength(1));
  expect(calls(lines)[0]).toMatchObject({ level: 20, method: 'grpc.health.v1.Health/Check', code: 'OK' });
});

test('no line holds a token, its officer or anything of a request', async () => {
  const { log, lines } = memoryLog();
  const server = await serve(
    {
      unary: async () => refuse({ kind: 'invalid-argument', reason: 'NO', message: 'not so' }),
      getDocument: async () => {
        throw new Error('bad luck');
      },
    },
    log,
  );
  const token = await issuer.issue(clerk);
  const client = connectAs(server.address, token);
  await client.operations.replayParkedEvents(secrets).catch(() => {});
  await client.routing.getDocument({ documentId: '0901234567' }).catch(() => {});
  await connectAs(server.address, `${token}x`)
    .routing.getDocument({ documentId: 'x' })
    .catch(() => {});
  await vi.waitFor(() => expect(calls(lines)).toHaveLength(3));
  const text = JSON.stringify(lines);
  for (const secret of [...Object.values(secrets), token, token.split('.')[2] ?? '', clerk.officerId])
    expect(text).not.toContain(secret);
});
