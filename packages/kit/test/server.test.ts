import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { Status } from '@lienthong/client';
import { createClient } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';
import { ServerReflectionService } from 'nice-grpc-server-reflection';
import reflectionMessages from 'nice-grpc-server-reflection/lib/proto/grpc/reflection/v1/reflection_pb.js';
import { describe, expect, test, vi } from 'vitest';
import { clerk, connectAs, issuer, serve } from './support/server.ts';

const OPERATIONS = 'lienthong.operations.v1.OperationsService';
const ROUTING = 'lienthong.routing.v1.DocumentRoutingService';
const call = { service: 'routing', consumer: 'inbox' };

const { ServerReflectionRequest } = reflectionMessages;

// grpc.health.v1.HealthCheckResponse.ServingStatus
const [SERVING, NOT_SERVING] = [1, 2];

test('health is NOT_SERVING, then SERVING, for the whole and for each service', async () => {
  const server = await serve({});
  const health = createClient(HealthDefinition, server.channel);
  const of = async (service: string) => (await health.check({ service })).status;
  const services = [
    '',
    'lienthong.operations.v1.OperationsService',
    'lienthong.routing.v1.AttachmentService',
  ];
  server.setServing(false);
  expect(await Promise.all(services.map(of))).toEqual([NOT_SERVING, NOT_SERVING, NOT_SERVING]);
  server.setServing(true);
  expect(await Promise.all(services.map(of))).toEqual([SERVING, SERVING, SERVING]);
  await expect(of('lienthong.routing.v1.NoSuchService')).rejects.toMatchObject({ code: Status.NOT_FOUND });
});

// An answer with a longer header breaks the connection of most clients, and with it all their other calls.
test('health answers for a name that is too long for a header', async () => {
  const { channel } = await serve({});
  const checked = createClient(HealthDefinition, channel).check({ service: 'ế'.repeat(20_000) });
  await expect(checked).rejects.toMatchObject({
    code: Status.NOT_FOUND,
    details: expect.stringMatching(/^Unknown service: 'ế+…$/),
  });
});

test('health reads no request larger than those of other methods', async () => {
  const { channel } = await serve({});
  const checked = createClient(HealthDefinition, channel).check({ service: '\0'.repeat(64 * 1024) });
  await expect(checked).rejects.toMatchObject({
    code: Status.INVALID_ARGUMENT,
    details: expect.stringContaining('at most 65536'),
  });
});

describe.each(['v1', 'v1alpha'])('reflection %s', (version) => {
  const HEALTH = 'grpc.health.v1.Health';

  async function reflect(...requests: InstanceType<typeof ServerReflectionRequest>[]) {
    const server = await serve({});
    const method = ServerReflectionService.serverReflectionInfo;
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo` as typeof method.path;
    const definition = { serverReflectionInfo: { ...method, path } };
    const reflection = createClient(definition, server.channel);
    const stream = async function* () {
      yield* requests;
    };
    const replies = await Array.fromAsync(reflection.serverReflectionInfo(stream()));
    return replies.map((reply) => reply.toObject());
  }

  test('lists every service that answers, health and reflection too', async () => {
    const [reply] = await reflect(new ServerReflectionRequest().setListServices(''));
    expect(reply?.listServicesResponse?.serviceList.map(({ name }) => name)).toEqual([
      OPERATIONS,
      ROUTING,
      'lienthong.routing.v1.AttachmentService',
      HEALTH,
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
    ]);
  });

  test.each([
    [ROUTING, 'IssueDocument'],
    [HEALTH, 'HealthCheckRequest'],
    ['grpc.reflection.v1.ServerReflection', 'ServerReflectionInfo'],
    ['grpc.reflection.v1alpha.ServerReflection', 'ServerReflectionInfo'],
  ])('describes %s', async (service, part) => {
    const [reply] = await reflect(new ServerReflectionRequest().setFileContainingSymbol(service));
    const files = reply?.fileDescriptorResponse?.fileDescriptorProtoList ?? [];
    expect(files.map((base64) => Buffer.from(String(base64), 'base64').toString('latin1')).join()).toContain(
      part,
    );
  });

  test('reads no request larger than those of other methods', async () => {
    const large = reflect(new ServerReflectionRequest().setListServices('x'.repeat(64 * 1024)));
    await expect(large).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT });
  });

  test('has an error for an unknown symbol', async () => {
    const [reply] = await reflect(new ServerReflectionRequest().setFileContainingSymbol('lienthong.no.Such'));
    expect(reply?.errorResponse?.errorCode).toBe(Status.NOT_FOUND);
  });
});

describe('a caller’s deadline', () => {
  test('in grpc-timeout stops the handler although the caller stays', async () => {
    const stopped = Promise.withResolvers<string>();
    const server = await serve({
      getDocument: async (_, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        stopped.resolve('stopped');
        return {};
      },
    });
    // A client of another language: it sends its deadline and waits for the server's word.
    const other = new Client(server.address, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${await issuer.issue(clerk)}`);
    const path = '/lienthong.routing.v1.DocumentRoutingService/GetDocument';
    const same = (bytes: Buffer) => bytes;
    const code = await new Promise((resolve) => {
      const empty = Buffer.alloc(0);
      const deadline = Date.now() + 1_000;
      other.makeUnaryRequest(path, same, same, empty, metadata, { deadline }, (error) =>
        resolve(error?.code),
      );
    });
    other.close();
    expect(code).toBe(Status.DEADLINE_EXCEEDED);
    expect(await stopped.promise).toBe('stopped');
  });

  test('stops a stream, and the handler’s clean-up runs', async () => {
    const cleaned = Promise.withResolvers<string>();
    const { client } = await serve({
      async *download(_, { signal }) {
        try {
          while (!signal.aborted) yield { chunk: new Uint8Array(100_000) };
        } finally {
          cleaned.resolve('cleaned');
        }
      },
    });
    // Long enough for the handler to start on a busy machine.
    const reading = (async () => {
      for await (const _ of client.attachments.downloadAttachment({}, { timeoutMs: 1_000 }))
        await new Promise((resolve) => setTimeout(resolve, 10));
    })();
    await expect(reading).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(await cleaned.promise).toBe('cleaned');
  });
});

test('a handler that waits at a yield is cleaned up when its reader goes away', async () => {
  const cleaned = Promise.withResolvers<string>();
  const { client } = await serve({
    async *download() {
      try {
        // Never looks at the signal: it is left at a yield the reader does not take.
        while (true) yield { chunk: new Uint8Array(100_000) };
      } finally {
        cleaned.resolve('cleaned');
      }
    },
  });
  for await (const _ of client.attachments.downloadAttachment({})) break;
  expect(await cleaned.promise).toBe('cleaned');
});

test('a request stream that breaks off never looks complete', async () => {
  const [received, outcome] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
  const { client } = await serve({
    async upload(request) {
      try {
        for await (const _ of request) received.resolve();
        outcome.resolve('taken for the whole');
      } catch (error) {
        outcome.resolve((error as Error).name);
        throw error;
      }
      return {};
    },
  });
  const cancel = new AbortController();
  const half = async function* () {
    yield { content: { $case: 'chunk' as const, value: new Uint8Array(10) } };
    await received.promise;
    cancel.abort();
    await new Promise(() => {});
  };
  const uploading = client.attachments.uploadAttachment(half(), { signal: cancel.signal });
  await expect(uploading).rejects.toMatchObject({ name: 'AbortError' });
  expect(await outcome.promise).toBe('AbortError');
});

describe('stopping', () => {
  test('lets the running call finish and refuses new ones', async () => {
    const [arrived, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const server = await serve({
      getDocument: async () => {
        arrived.resolve();
        await finish.promise;
        return { document: { id: 'finished' } };
      },
      unary: async () => ({}),
    });
    const running = server.client.routing.getDocument({});
    await arrived.promise;
    const stopping = server.stop(60_000);
    const late = connectAs(server.address, 'any').operations.replayParkedEvents(call);
    await expect(late).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    finish.resolve();
    expect((await running).document?.id).toBe('finished');
    await stopping;
    await server.stop(60_000);
  });

  test('cancels what still runs when its time is up', async () => {
    const arrived = Promise.withResolvers<void>();
    let cancelled = false;
    const server = await serve({
      unary: (_, { signal }) => {
        signal.addEventListener('abort', () => {
          cancelled = true;
        });
        arrived.resolve();
        return new Promise(() => {});
      },
    });
    const running = server.client.operations.replayParkedEvents(call);
    // Not its own deadline: that would be DEADLINE_EXCEEDED.
    const settled = expect(running).rejects.toMatchObject({ code: Status.CANCELLED });
    await arrived.promise;
    await server.stop(50);
    await settled;
    await vi.waitFor(() => expect(cancelled).toBe(true));
  });
});
