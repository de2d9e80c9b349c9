import { Status } from '@lienthong/client';
import { AttachmentServiceDefinition } from '@lienthong/contracts/routing';
import { believing } from '@lienthong/testkit';
import { type ClientError, createClient, Metadata } from 'nice-grpc';
import { expect, test } from 'vitest';
import { type CallerDirectory, failure } from '../src/index.ts';
import { clerk, issuer, serve, type TestServer } from './support/server.ts';

const notInPosition = failure({
  kind: 'permission-denied',
  reason: 'OFFICER_NOT_IN_POSITION',
  message: 'dismissed',
});

/** A directory whose memory follows its database only by `refresh`. */
function directoryOf() {
  const database = { isPosted: true };
  const memory = { ...database };
  const directory: CallerDirectory = {
    identify: (claims, date) => (memory.isPosted ? believing.identify(claims, date) : notInPosition),
    certified: believing.certified,
    refresh: async () => Object.assign(memory, database),
  };
  return { database, memory, directory };
}

const sha256 = 'ab'.repeat(32);
const chunk = { chunk: Buffer.from('x') };

const attachmentsAs = async ({ channel }: TestServer, ttlSeconds?: number) =>
  createClient(AttachmentServiceDefinition, channel, {
    '*': { metadata: Metadata({ authorization: `Bearer ${await issuer.issue(clerk, ttlSeconds)}` }) },
  });
const endOf = (pending: Promise<unknown>) => pending.catch((error: ClientError) => error.details);

test('an officer whom memory does not know yet is looked up in the database', async () => {
  const { memory, directory } = directoryOf();
  const { client } = await serve({ directory, unary: async () => ({ replayed: 1n, stillParked: 0n }) });
  memory.isPosted = false;
  const call = { service: 'routing', consumer: 'inbox' };
  expect(await client.operations.replayParkedEvents(call)).toMatchObject({ replayed: 1n });
});

test('a dismissed officer calls nothing, within seconds', async () => {
  const { database, directory } = directoryOf();
  const { client } = await serve({ directory, unary: async () => ({ replayed: 1n, stillParked: 0n }) });
  const call = () => client.operations.replayParkedEvents({ service: 'routing', consumer: 'inbox' });
  await call();
  database.isPosted = false;
  await expect
    .poll(() => call().catch((error: unknown) => error), { timeout: 10_000 })
    .toMatchObject({ code: Status.PERMISSION_DENIED, reason: 'OFFICER_NOT_IN_POSITION' });
});

test('a stream of replies ends with the reason when the right of its caller ends', async () => {
  const { database, directory } = directoryOf();
  let ended = false;
  const server = await serve({
    directory,
    async *download(_, { signal }) {
      yield chunk;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      ended = true;
      yield chunk;
    },
  });
  const replies = (await attachmentsAs(server)).downloadAttachment({ sha256 })[Symbol.asyncIterator]();
  await replies.next();
  database.isPosted = false;
  expect(await endOf(replies.next())).toBe('dismissed');
  expect(ended).toBe(true);
});

test('a stream ends with its token', async () => {
  const server = await serve({
    async *download(_, { signal }) {
      yield chunk;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  });
  // Within the tolerance for clocks, which is 5 seconds.
  const replies = (await attachmentsAs(server, -3)).downloadAttachment({ sha256 })[Symbol.asyncIterator]();
  await replies.next();
  expect(await endOf(replies.next())).toContain('has expired');
});

test('a silent stream of requests ends when the right of its caller ends', async () => {
  const { database, directory } = directoryOf();
  const started = Promise.withResolvers<void>();
  const server = await serve({
    directory,
    async upload(messages) {
      for await (const _ of messages) started.resolve();
      return { sha256, sizeBytes: 1n, alreadyStored: false };
    },
  });
  async function* silent() {
    yield chunk as never;
    await new Promise(() => {});
  }
  const uploading = endOf((await attachmentsAs(server)).uploadAttachment(silent()));
  await started.promise;
  database.isPosted = false;
  expect(await uploading).toBe('dismissed');
});
