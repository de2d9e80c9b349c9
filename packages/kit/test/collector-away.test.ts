import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@lienthong/testkit';
import { Metadata } from 'nice-grpc';
import { expect, onTestFinished, test } from 'vitest';
import { startTelemetry } from '../src/index.ts';
import { serve } from './support/server.ts';

/** More spans than the queue of the exporter takes (2048). */
const CALLS = 3_000;
const AT_ONCE = 50;
const call = { service: 'routing', consumer: 'inbox' };
const traceparent = {
  metadata: Metadata({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }),
};

/** Sends traces and metrics there, makes the calls, and resolves to the number that have a reply. */
async function callWith(otlpEndpoint: string, first: () => Promise<unknown> = async () => {}) {
  const telemetry = await startTelemetry({ service: 'kit-test', otlpEndpoint });
  const { client } = await serve({ unary: async () => ({}) });
  let replies = 0;
  const make = async (count: number) => {
    for (let n = 0; n < count; n += AT_ONCE)
      await Promise.all(
        Array.from({ length: AT_ONCE }, () =>
          client.operations.replayParkedEvents(call, traceparent).then(() => {
            replies += 1;
          }),
        ),
      );
  };
  // Enough for a first batch of spans.
  await make(600);
  await first();
  await make(CALLS);
  await telemetry.stop();
  return replies;
}

test('a collector that is down costs no call, and the process still stops', async () => {
  expect(await callWith(`http://127.0.0.1:${await freePort()}`)).toBe(600 + CALLS);
});

test('a collector that accepts everything and never replies costs no call, and the process still stops', async () => {
  let held = 0;
  const silent = createServer((request) => {
    held += 1;
    request.resume();
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  const replies = await callWith(`http://127.0.0.1:${port}`, () =>
    expect.poll(() => held, { timeout: 20_000 }).toBeGreaterThan(0),
  );
  expect(replies).toBe(600 + CALLS);
});
