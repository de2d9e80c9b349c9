import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Status } from '../src/index.ts';
import { connect, failure, platform } from './platform.ts';

describe('deadlines', () => {
  test('an attempt without a reply ends, and another follows', async () => {
    let calls = 0;
    const client = await platform(
      {
        routing: {
          async issueDocument(_, { signal }) {
            calls += 1;
            if (calls === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve));
            return { document: { id: 'document-1' } };
          },
        },
      },
      { attemptTimeoutMs: 200 },
    );
    expect((await client.routing.issueDocument({})).document?.id).toBe('document-1');
    expect(calls).toBe(2);
  });

  test('the platform stops working on a call whose deadline has passed', async () => {
    const stopped = Promise.withResolvers<void>();
    // No reply before the end: it could overtake the deadline of the client, which ends a moment later.
    const released = Promise.withResolvers<void>();
    onTestFinished(() => released.resolve());
    let arrived = false;
    const client = await platform({
      routing: {
        async issueDocument(_, { signal }) {
          arrived = true;
          signal.addEventListener('abort', () => stopped.resolve());
          if (signal.aborted) stopped.resolve();
          await released.promise;
          return {};
        },
      },
    });
    // On a busy machine a call may end before it arrives.
    for (let timeoutMs = 100; !arrived; timeoutMs *= 2) {
      const error = await failure(client.routing.issueDocument({}, { timeoutMs }));
      expect(error.code).toBe(Status.DEADLINE_EXCEEDED);
    }
    await stopped.promise;
  });

  test('holds for a server that accepts the call and sends nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const client = connect(`127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const error = await failure(client.routing.getDocument({}, { timeoutMs: 100 }));
    expect(error.code).toBe(Status.DEADLINE_EXCEEDED);
  });

  test('holds for a token that never comes', async () => {
    const client = await platform({}, { token: () => new Promise<string>(() => {}) });
    const error = await failure(client.routing.getDocument({}, { timeoutMs: 100 }));
    expect(error.code).toBe(Status.DEADLINE_EXCEEDED);
  });
});
