import { connect as connectHttp2 } from 'node:http2';
import { FeedServiceDefinition, FollowRequest } from '@lienthong/contracts/feed';
import { type StubHandlers, stubService } from '@lienthong/testkit';
import { createClient } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';
import { expect, onTestFinished, test, vi } from 'vitest';
import { clerk, issuer, serve } from './support/server.ts';

/** Longer than the test's timeout, so a stop that waits for it fails. */
const LONG = 600_000;
const TEXT = 'x'.repeat(60_000);

/** A feed that never ends, and whose streams ignore the request to end. */
function endlessFeed(sent: { n: number }, list = async () => {}) {
  const handlers: StubHandlers<typeof FeedServiceDefinition> = {
    async *follow(_, { signal }) {
      for (; !signal.aborted; sent.n += 1)
        yield { message: { $case: 'heartbeat', value: { cursor: TEXT, time: undefined } } };
    },
    async listEvents() {
      await list();
      return { cursor: 'to the end' };
    },
  };
  return stubService(FeedServiceDefinition, handlers, { endless: true });
}

/** Opens a stream and reads nothing; resolves when the server cannot send it more. */
async function deafClient(address: string, sent: { n: number }): Promise<void> {
  const session = connectHttp2(`http://${address}`);
  onTestFinished(() => session.destroy());
  session.on('error', () => {});
  const request = session.request({
    ':method': 'POST',
    ':path': '/lienthong.feed.v1.FeedService/Follow',
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: `Bearer ${await issuer.issue(clerk)}`,
  });
  request.on('error', () => {});
  request.pause();
  const body = FollowRequest.encode(FollowRequest.fromPartial({})).finish();
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  request.end(Buffer.concat([prefix, body]));
  let before = 0;
  await vi.waitFor(
    () => {
      const now = sent.n;
      const still = now > 0 && now === before;
      before = now;
      expect(still).toBe(true);
    },
    { timeout: 20_000, interval: 200 },
  );
}

test('a stop does not wait for the client of an endless call to read', async () => {
  const sent = { n: 0 };
  const server = await serve({ services: [endlessFeed(sent)] });
  await deafClient(server.address, sent);
  const watching = createClient(HealthDefinition, server.channel).watch({ service: '' });
  await watching[Symbol.asyncIterator]().next();
  await server.stop(LONG);
});

test('a stop waits for the other calls, which get their replies', async () => {
  const sent = { n: 0 };
  const begun = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const list = () => {
    begun.resolve();
    return finish.promise;
  };
  const server = await serve({ services: [endlessFeed(sent, list)] });
  await deafClient(server.address, sent);
  const reply = server.client.feed.listEvents({});
  await begun.promise;
  let stopped = false;
  const stopping = server.stop(LONG).then(() => {
    stopped = true;
  });
  // Longer than endless calls have.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(stopped).toBe(false);
  finish.resolve();
  expect(await reply).toMatchObject({ cursor: 'to the end' });
  await stopping;
});
