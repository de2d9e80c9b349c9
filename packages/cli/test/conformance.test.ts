import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../src/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-conformance-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const key = Buffer.alloc(32, 3);
const secretFile = join(folder, 'secret');
writeFileSync(secretFile, `whsec_${key.toString('base64')}\n`);

type Check = (request: IncomingMessage, body: string) => boolean;

const signedBy = ({ headers }: IncomingMessage, body: string): boolean =>
  String(headers['webhook-signature'] ?? '')
    .split(' ')
    .some((one) => {
      const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      const expected = createHmac('sha256', key).update(text).digest();
      const given = Buffer.from(one.replace(/^v1,/, ''), 'base64');
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
const recent = ({ headers }: IncomingMessage): boolean =>
  Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) < 300;

/** A receiver on this machine; resolves to its address. */
async function receiver(takes: Check): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    response.writeHead(takes(request, body) ? 204 : 401).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/su-kien`;
}

/** The checks that a receiver fails. */
async function failed(url: string): Promise<{ exit: number; checks: string[] }> {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    out += chunk;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    const exit = await run(['conformance', 'webhook', url, '--secret-file', secretFile, '--output', 'json']);
    const findings: { check: string; passed: boolean }[] = JSON.parse(out);
    expect(findings).toHaveLength(10);
    return {
      exit,
      checks: findings.flatMap(({ check, passed }) => (passed ? [] : (check.split(' / ')[1] ?? ''))),
    };
  } finally {
    vi.restoreAllMocks();
  }
}

test('a receiver that checks signature and time passes', async () => {
  expect(await failed(await receiver((request, body) => signedBy(request, body) && recent(request)))).toEqual(
    {
      exit: 0,
      checks: [],
    },
  );
});

test('one that checks nothing fails by every forged event', async () => {
  expect(await failed(await receiver(() => true))).toEqual({
    exit: 1,
    checks: [
      'a body that was changed',
      'signed by another secret',
      'no signature',
      'an hour old',
      'an hour ahead',
    ],
  });
});

test('one that looks at no time, or at the first signature alone, fails by that', async () => {
  expect((await failed(await receiver(signedBy))).checks).toEqual(['an hour old', 'an hour ahead']);
  const first: Check = (request, body) => {
    const [signature = ''] = String(request.headers['webhook-signature'] ?? '').split(' ');
    return (
      signedBy({ headers: { ...request.headers, 'webhook-signature': signature } } as never, body) &&
      recent(request)
    );
  };
  expect((await failed(await receiver(first))).checks).toEqual(['two signatures, the second by your secret']);
});

test('one that takes an event only once, or only types that it knows, fails by that', async () => {
  const seen = new Set<string>();
  const right: Check = (request, body) => signedBy(request, body) && recent(request);
  const once: Check = (request, body) => {
    const id = String(request.headers['webhook-id']);
    return right(request, body) && !seen.has(id) && seen.add(id) !== undefined;
  };
  expect((await failed(await receiver(once))).checks).toEqual(['the same event again']);
  const known: Check = (request, body) => right(request, body) && !body.includes('NotYetKnown');
  expect((await failed(await receiver(known))).checks).toEqual(['a type that is not known yet']);
});

test('one that is not there fails by everything', async () => {
  const url = await receiver(() => true);
  expect((await failed(url.replace(/:\d+/, ':9'))).checks).toHaveLength(10);
});
