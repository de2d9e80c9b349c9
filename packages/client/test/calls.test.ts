import { once } from 'node:events';
import { constants, createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { DocumentRoutingServiceDefinition, type IssueDocumentRequest } from '@lienthong/contracts/routing';
import { isUuid, refuse } from '@lienthong/kit';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { createServer, Metadata, ServerError } from 'nice-grpc';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type MethodTraits, methodTraits } from '../src/call.ts';
import { SERVICES } from '../src/connect.ts';
import { Status } from '../src/index.ts';
import { connect, failure, platform } from './platform.ts';

const away = { kind: 'unavailable', reason: 'DATABASE_UNAVAILABLE', message: 'away' } as const;

describe('a change', () => {
  /** Refuses the first calls as `refusal` says, then answers; `seen` are the request ids. */
  async function flaky(failures: number, refusal: Parameters<typeof refuse>[0]) {
    const seen: string[] = [];
    const client = await platform({
      routing: {
        async issueDocument(request: IssueDocumentRequest) {
          seen.push(request.requestId);
          if (seen.length <= failures) refuse(refusal);
          return { document: { id: 'document-1', subject: request.subject } };
        },
      },
    });
    return { client, seen };
  }

  test('is sent again with the same request_id until it succeeds', async () => {
    const { client, seen } = await flaky(2, away);
    const { document } = await client.routing.issueDocument({ subject: 'Kế hoạch' });
    expect(document).toMatchObject({ id: 'document-1', subject: 'Kế hoạch' });
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(1);
    expect(isUuid(seen[0] ?? '')).toBe(true);
  });

  test('has a new request_id each time, unless the caller gives one', async () => {
    const { client, seen } = await flaky(0, away);
    const given = '6f3b7d3e-5a51-4a8e-9b58-0a9f6a3d2c11';
    await client.routing.issueDocument({});
    await client.routing.issueDocument({});
    await client.routing.issueDocument({ requestId: given });
    expect(new Set(seen).size).toBe(3);
    expect(seen[2]).toBe(given);
  });

  test('does not change the request it was given', async () => {
    const { client } = await flaky(0, away);
    const request = { subject: 'Kế hoạch' };
    await client.routing.issueDocument(request);
    expect(request).toEqual({ subject: 'Kế hoạch' });
  });

  test('is sent again for any status when the platform names a delay', async () => {
    const busy = { kind: 'resource-exhausted', reason: 'BUSY', message: 'later', retryAfterMs: 5 } as const;
    const { client, seen } = await flaky(1, busy);
    await client.routing.issueDocument({});
    expect(seen).toHaveLength(2);
  });

  test('is not sent again when the delay would pass the deadline', async () => {
    const { client, seen } = await flaky(1, { ...away, retryAfterMs: 3_600_000 });
    const error = await failure(client.routing.issueDocument({}));
    expect(error).toMatchObject({ code: Status.UNAVAILABLE, retryAfterMs: 3_600_000 });
    expect(seen).toHaveLength(1);
  });

  test('that is refused is not sent again, and the error has all details of the refusal', async () => {
    const violations = [
      { field: 'recipients[3].code', description: 'is not a code', reason: 'CODE_INVALID' },
      { field: 'subject', description: 'must not be empty', reason: 'FIELD_REQUIRED' },
    ];
    const { client, seen } = await flaky(9, {
      kind: 'invalid-argument',
      reason: 'FIELD_INVALID',
      message: 'trích yếu còn trống',
      violations,
      metadata: { year: '2017' },
    });
    const error = await failure(client.routing.issueDocument({}));
    expect(error).toMatchObject({
      name: 'LienThongError',
      path: '/lienthong.routing.v1.DocumentRoutingService/IssueDocument',
      code: Status.INVALID_ARGUMENT,
      reason: 'FIELD_INVALID',
      details: 'trích yếu còn trống',
      violations,
      metadata: { year: '2017' },
      retryAfterMs: undefined,
    });
    expect(error.message).toBe(
      '/lienthong.routing.v1.DocumentRoutingService/IssueDocument INVALID_ARGUMENT FIELD_INVALID: trích yếu còn trống',
    );
    expect(seen).toHaveLength(1);
  });

  test('without a request_id is attempted once', async () => {
    let calls = 0;
    const client = await platform({
      operations: {
        async replayParkedEvents() {
          calls += 1;
          return refuse(away);
        },
      },
    });
    await failure(client.operations.replayParkedEvents({ service: 'audit', consumer: 'entries' }));
    expect(calls).toBe(1);
  });
});

test('a read is sent again', async () => {
  let calls = 0;
  const client = await platform({
    routing: {
      async getDocument() {
        calls += 1;
        return calls < 3 ? refuse(away) : { document: { id: 'document-1' } };
      },
    },
  });
  expect((await client.routing.getDocument({ documentId: 'document-1' })).document?.id).toBe('document-1');
  expect(calls).toBe(3);
});

test('a stream that the connection reset is sent again', async () => {
  let calls = 0;
  const server = createHttp2Server().listen(0, '127.0.0.1');
  server.on('stream', (stream: ServerHttp2Stream) => {
    // The reset shows here too.
    stream.on('error', () => {});
    calls += 1;
    if (calls === 1) return stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    // An empty message: not compressed, no bytes.
    return stream.end(Buffer.alloc(5));
  });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const client = connect(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(await client.routing.getDocument({})).toEqual({});
  expect(calls).toBe(2);
});

test('the caller can cancel, and nothing is sent after that', async () => {
  let calls = 0;
  const cancel = new AbortController();
  const client = await platform({
    routing: {
      async getDocument() {
        calls += 1;
        cancel.abort();
        return refuse(away);
      },
    },
  });
  const { signal } = cancel;
  await expect(client.routing.getDocument({}, { signal })).rejects.toMatchObject({ name: 'AbortError' });
  await expect(client.routing.getDocument({}, { signal })).rejects.toMatchObject({ name: 'AbortError' });
  expect(calls).toBe(1);
});

/** The address of a bare gRPC server that hands the metadata of each GetDocument to `see`. */
async function metadataServer(see: (metadata: Metadata) => void): Promise<string> {
  const server = createServer();
  const { getDocument } = DocumentRoutingServiceDefinition.methods;
  const definition = { ...DocumentRoutingServiceDefinition, methods: { getDocument } } as const;
  server.add(definition, {
    async getDocument(_, { metadata }) {
      see(metadata);
      return {};
    },
  });
  const port = await server.listen('127.0.0.1:0');
  onTestFinished(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

test('the token is called before every attempt, and the given metadata is sent', async () => {
  const seen: unknown[] = [];
  let tokens = 0;
  const address = await metadataServer((metadata) => {
    seen.push(['authorization', 'x-system', 'x-trace'].map((name) => metadata.get(name)));
    if (seen.length < 2) throw new ServerError(Status.UNAVAILABLE, 'away');
  });
  const client = connect(address, {
    token: async () => `token-${++tokens}`,
    metadata: { 'x-system': 'eOffice', 'x-trace': 'no' },
  });
  await client.routing.getDocument({}, { metadata: Metadata({ 'x-trace': 'yes' }) });
  expect(seen).toEqual([
    ['Bearer token-1', 'eOffice', 'yes'],
    ['Bearer token-2', 'eOffice', 'yes'],
  ]);
});

test('a token that cannot be obtained fails the call with the reason', async () => {
  const client = await platform({}, { token: () => Promise.reject(new Error('the issuer is away')) });
  await expect(client.routing.getDocument({})).rejects.toThrow('the issuer is away');
});

test('a wrong token is refused at once', async () => {
  let tokens = 0;
  const client = await platform({}, { token: () => `wrong ${++tokens}` });
  const error = await failure(client.routing.getDocument({}));
  expect(error).toMatchObject({ code: Status.UNAUTHENTICATED, reason: 'TOKEN_INVALID' });
  expect(tokens).toBe(1);
});

test('every attempt carries the active trace context', async () => {
  const parents: unknown[] = [];
  const address = await metadataServer((metadata) => {
    parents.push(metadata.get('traceparent'));
    if (parents.length < 2) throw new ServerError(Status.UNAVAILABLE, 'away');
  });
  const client = connect(address);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  onTestFinished(() => {
    context.disable();
    propagation.disable();
  });
  const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
  await context.with(trace.setSpanContext(ROOT_CONTEXT, span), () => client.routing.getDocument({}));
  const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  expect(parents).toEqual([parent, parent]);
});

test('the name of a method shows that it reads; all others but ten take a request_id', () => {
  const traits = [...methodTraits(SERVICES)];
  const named = (wanted: (traits: MethodTraits) => boolean) =>
    traits.filter(([, one]) => wanted(one)).map(([path]) => path.slice(path.lastIndexOf('/') + 1));
  expect(named(({ takesRequestId, reads }) => takesRequestId && reads)).toEqual([]);
  // Uploads, imports and feeds are streams; of many transitions each has a request_id of its own; a link is that of its
  // payment, however often it is requested; marking as read and replaying parked events are tried once.
  expect(named(({ takesRequestId, reads }) => !takesRequestId && !reads)).toEqual([
    'ImportAgencies',
    'AppointOfficers',
    'UploadAttachment',
    'TransitMany',
    'HandInFile',
    'RequestPaymentLink',
    'UploadFile',
    'MarkRead',
    'Follow',
    'ReplayParkedEvents',
  ]);
});
