import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createLog, LOOPBACK_ONLY, openListenTls } from '@lienthong/kit';
import { type Certificate, certificate, freePort } from '@lienthong/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type RestGatewayOptions, startRestGateway } from '../src/gateway.ts';

const log = createLog('rest-test', process.env.TEST_LOG_LEVEL ?? 'silent');

/** A gateway whose platform is away; it ends with the test. */
async function start(options: Partial<RestGatewayOptions> = {}) {
  const gateway = await startRestGateway({
    listen: '127.0.0.1:0',
    tls: LOOPBACK_ONLY,
    platform: { address: `127.0.0.1:${await freePort()}` },
    corsOrigins: [],
    connections: { CONNECTIONS: 100, CONNECTIONS_PER_ADDRESS: 100, TRUSTED_PROXIES: [] },
    log,
    ...options,
  });
  onTestFinished(() => gateway.stop());
  return gateway.address;
}

const INBOX = '/lienthong.routing.v1.DocumentRoutingService/ListInbox';
const JSON_TYPE = { 'content-type': 'application/json' };

test.each<[string, RequestInit & { path?: string }, number, string]>([
  ['an unknown path', { path: '/lienthong.x/Y', method: 'POST' }, 404, 'PATH_UNKNOWN'],
  [
    'a method of the gRPC project',
    { path: '/grpc.health.v1.Health/Check', method: 'POST' },
    404,
    'PATH_UNKNOWN',
  ],
  ['another method of HTTP', { method: 'GET' }, 405, 'HTTP_METHOD_UNSUPPORTED'],
  ['no content type', { method: 'POST', body: new Uint8Array(2) }, 415, 'CONTENT_TYPE_UNSUPPORTED'],
  [
    'a form',
    { method: 'POST', body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'CONTENT_TYPE_UNSUPPORTED',
  ],
  [
    'a compressed body',
    { method: 'POST', body: '{}', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } },
    415,
    'CONTENT_TYPE_UNSUPPORTED',
  ],
  [
    'no UTF-8',
    { method: 'POST', body: Uint8Array.of(0x22, 0xff, 0x22), headers: JSON_TYPE },
    400,
    'REQUEST_MALFORMED',
  ],
  [
    'too much',
    { method: 'POST', body: 'x'.repeat(9 * 1024 * 1024), headers: JSON_TYPE },
    413,
    'REQUEST_TOO_LARGE',
  ],
  [
    'a platform that is away',
    { method: 'POST', body: '{}', headers: JSON_TYPE },
    503,
    'PLATFORM_UNAVAILABLE',
  ],
  ['health of a platform that is away', { path: '/health' }, 503, 'PLATFORM_UNAVAILABLE'],
  ['an upload that is not there', { path: '/uploads/x' }, 404, 'UPLOAD_UNKNOWN'],
])('%s is a problem', async (_, { path = INBOX, ...init }, status, reason) => {
  const response = await fetch(`http://${await start()}${path}`, init);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({
    type: 'about:blank',
    status,
    reason,
    detail: expect.any(String),
  });
});

test('the description and the page to try it out come from here, under a strict policy', async () => {
  const address = await start();
  const page = await fetch(`http://${address}/`);
  expect(page.url).toMatch(/\/docs$/);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
  const html = await page.text();
  const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path as string);
  expect(parts.length).toBe(3);
  for (const path of [...parts, '/openapi.json']) {
    const response = await fetch(`http://${address}${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    await response.body?.cancel();
  }
});

const preflight = (address: string, origin: string) =>
  fetch(`http://${address}${INBOX}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  });

test('pages of the given origins may call, and no others', async () => {
  const address = await start({ corsOrigins: ['https://app.example.vn'] });
  const allowed = await preflight(address, 'https://app.example.vn');
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.vn');
  expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
  const refused = await preflight(address, 'https://evil.example');
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  const call = await fetch(`http://${address}/openapi.json`, {
    headers: { origin: 'https://app.example.vn' },
  });
  expect(call.headers.get('access-control-allow-origin')).toBe('https://app.example.vn');
  expect(call.headers.get('vary')).toBe('origin');
});

test('without a setting no page of another origin may call', async () => {
  const response = await preflight(await start(), 'https://app.example.vn');
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

/** The version of TLS and the certificate that a new connection gets. */
const handshake = (address: string, ca: string, options: object = {}) =>
  new Promise<{ protocol: string | null; cert: string }>((resolve, reject) => {
    const call = request(`https://${address}/openapi.json`, { ca, agent: false, ...options }, (response) => {
      const socket = response.socket as TLSSocket;
      resolve({ protocol: socket.getProtocol(), cert: socket.getPeerX509Certificate()?.toString() ?? '' });
      response.destroy();
    });
    call.on('error', reject);
    call.end();
  });

test('TLS is 1.3 alone, and a renewed certificate is read without a restart', async () => {
  const authority = certificate({ commonName: 'test authority' });
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-rest-tls-'));
  const files = { TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') };
  const write = ({ cert, key }: Certificate) => {
    writeFileSync(files.TLS_CERT_FILE, cert);
    writeFileSync(files.TLS_KEY_FILE, key);
  };
  const [before, after] = [certificate({ by: authority }), certificate({ by: authority })];
  write(before);
  const tls = await openListenTls({ ...files, TLS_AT_PROXY: false }, log);
  onTestFinished(() => {
    tls.certificate?.close();
    rmSync(folder, { recursive: true });
  });
  const address = await start({ tls });
  expect(await handshake(address, authority.cert)).toEqual({ protocol: 'TLSv1.3', cert: before.cert });
  await expect(handshake(address, authority.cert, { maxVersion: 'TLSv1.2' })).rejects.toThrow(
    /protocol version/i,
  );
  write(after);
  await vi.waitFor(
    async () => expect((await handshake(address, authority.cert)).cert).toBe(after.cert),
    10_000,
  );
});

test('plain text is for this machine alone', async () => {
  await expect(start({ listen: '0.0.0.0:0' })).rejects.toThrow(/plain text/);
});
