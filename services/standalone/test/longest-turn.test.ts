import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { decodeErrorDetails, Status } from '@lienthong/client';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import type { Caller } from '@lienthong/kit';
import {
  type DescMethod,
  describeMethods,
  type Ending,
  rawCaller,
  runTestServices,
  testStack,
  type WorstRequest,
  worstRequests,
} from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { services } from '../src/services.ts';

/** No request holds the main thread longer. */
const LONGEST_TURN_MS = 50;
/** A turn also has what the runtime does then, such as collecting garbage: the best of so many tries counts. */
const TRIES = 6;
/** Of a method with more fields an even choice. */
const REQUESTS_PER_METHOD = 60;
const CALL_MS = 20_000;
const LARGEST = 4 * 1024 * 1024 - 1;
/** The gRPC project's own: no method of ours, and a stream each. */
const OWN = /^lienthong\./;

const callers: Caller[] = [
  {
    agencyId: '018f0000-0000-7000-8000-000000000001',
    officerId: 'all',
    roles: ['clerk', 'officer', 'leader', 'system', 'admin'],
  },
  { agencyId: '', officerId: 'administrator', roles: ['admin', 'auditor'] },
];

const { methods } = describeMethods(fileDescriptorSet());
let call: (method: DescMethod, bytes: Uint8Array, token: string) => Promise<Ending>;
let tokens: string[];
let stop: () => Promise<void>;
beforeAll(async () => {
  const stack = await testStack();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-turn-'));
  const signingKey = join(folder, 'signing-key');
  await createSigningKey(signingKey, 'lienthong.test/audit');
  const running = await runTestServices(services, stack, {
    env: {
      LIENTHONG_SEALING_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      AUDIT_SIGNING_KEY: signingKey,
      RATE_PER_OFFICER: '1000000',
      RATE_PER_AGENCY: '1000000',
      RATE_PER_ADDRESS: '1000000',
    },
  });
  const raw = rawCaller(running.address);
  call = (method, bytes, token) => raw.call(method, [bytes], token, CALL_MS);
  tokens = await Promise.all(callers.map((caller) => running.issuer.issue(caller)));
  stop = async () => {
    raw.close();
    await running.stop();
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  };
});
afterAll(() => stop());

/** The most CPU time that the main thread spent in one turn of its loop, in milliseconds; other processes do not count. */
async function longestTurn(carryOut: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let isOver = false;
  const measure = async () => {
    for (let before = process.threadCpuUsage(); !isOver; ) {
      await setImmediate();
      const after = process.threadCpuUsage();
      longest = Math.max(longest, after.user + after.system - before.user - before.system);
      before = after;
    }
  };
  const measured = measure();
  await carryOut();
  isOver = true;
  await measured;
  return longest / 1_000;
}

async function bestOf(carryOut: () => Promise<unknown>): Promise<number> {
  let best = await longestTurn(carryOut);
  for (let n = 1; n < TRIES && best > LONGEST_TURN_MS; n += 1)
    best = Math.min(best, await longestTurn(carryOut));
  return best;
}

/** A caller whose requests the method reads, and the size of its largest request. */
async function limitOf(method: DescMethod): Promise<{ token: string; maxBytes: number }> {
  const endings: string[] = [];
  // On a busy machine a stream is cancelled before it ends by itself.
  for (const token of Array<string[]>(5).fill(tokens).flat()) {
    // Not a message, so it goes no further.
    const { code, message, details } = await call(method, Buffer.alloc(LARGEST, 0xff), token);
    const { reason, metadata } = decodeErrorDetails(details);
    if (reason === 'REQUEST_TOO_LARGE') return { token, maxBytes: Number(metadata.max_bytes) };
    if (reason === 'REQUEST_MALFORMED') return { token, maxBytes: LARGEST };
    endings.push(`${Status[code]} ${message}`);
  }
  throw new Error(`${method.name} reads no request of any caller: ${endings}`);
}

function chosen(all: WorstRequest[]): WorstRequest[] {
  const step = Math.max(1, all.length / REQUESTS_PER_METHOD);
  return Array.from({ length: Math.min(all.length, REQUESTS_PER_METHOD) }, (_, i) => {
    return all[Math.floor(i * step)] as WorstRequest;
  });
}

test('the measure finds a turn that takes long', async () => {
  const turn = await longestTurn(async () => {
    const start = process.threadCpuUsage();
    while (process.threadCpuUsage(start).user < 2 * LONGEST_TURN_MS * 1_000);
  });
  expect(turn).toBeGreaterThan(LONGEST_TURN_MS);
});

test.each(methods.filter(({ parent }) => OWN.test(parent.typeName)).map((one) => [one.name, one] as const))(
  '%s reads its worst request within a short turn',
  async (_, method) => {
    const { token, maxBytes } = await limitOf(method);
    const long: string[] = [];
    for (const { name, bytes } of chosen([...worstRequests(method, maxBytes)])) {
      const request = bytes();
      const turn = await bestOf(() => call(method, request, token));
      if (turn > LONGEST_TURN_MS) long.push(`${name}: ${turn.toFixed(1)} ms`);
    }
    expect(long).toEqual([]);
  },
  300_000,
);
