import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Caller } from '@lienthong/kit';
import { findChromium, launchChromium } from '@lienthong/testkit/chromium';
import { EventSource } from 'eventsource';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type RestPlatform, startRestPlatform } from './support/rest.ts';

const AGENCY = '018f0000-0000-7000-8000-000000000001';
const clerk: Caller = { agencyId: AGENCY, officerId: 'clerk', roles: ['clerk'] };
const admin: Caller = { agencyId: '', officerId: 'administrator', roles: ['admin', 'auditor'] };

let platform: RestPlatform;
beforeAll(async () => {
  platform = await startRestPlatform();
});
afterAll(() => platform.stop());

const ESTABLISH = 'directory.v1.AgencyDirectoryService/EstablishAgency';
const UPLOAD = '/lienthong.routing.v1.AttachmentService/UploadAttachment';
const DOWNLOAD = 'routing.v1.AttachmentService/DownloadAttachment';
const FOLLOW = '/lienthong.feed.v1.FeedService/Follow';

const agency = (code: string) => ({
  part: { name: `Xã ${code}`, kind: 'commune', tier: 'TIER_COMMUNE', codes: [{ scheme: 'QD20', code }] },
  effectiveOn: '2025-07-01',
  legalBasis: 'NQ 1687',
});

/** Establishes an agency, which is an event for everybody. */
async function establish(code: string): Promise<void> {
  const { post, bearer } = platform;
  const headers = { authorization: await bearer(admin), 'idempotency-key': randomUUID() };
  const response = await post(ESTABLISH, agency(code), headers);
  expect(await response.json()).toMatchObject({ agency: { names: [{ name: `Xã ${code}` }] } });
}

/** A line to the gateway that can be cut. */
async function cuttable(address: string) {
  const port = Number(address.split(':')[1]);
  const sockets = new Set<Socket>();
  let cutAfterBytes = Number.POSITIVE_INFINITY;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const one of [near, far]) {
      sockets.add(one);
      one.on('error', () => {});
    }
    let bytes = 0;
    near.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > cutAfterBytes) {
        cutAfterBytes = Number.POSITIVE_INFINITY;
        near.destroy();
        far.destroy();
      }
    });
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const one of sockets) one.destroy();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => sockets.forEach((one) => void one.destroy()),
    cutAfter: (bytes: number) => {
      cutAfterBytes = bytes;
    },
  };
}

test('Idempotency-Key is the request_id: the same request again gets the first reply', async () => {
  const { post, bearer } = platform;
  const headers = { authorization: await bearer(admin), 'idempotency-key': `"${randomUUID()}"` };
  const first = await post(ESTABLISH, agency('H61.1'), headers);
  expect(first.status).toBe(200);
  expect(first.headers.get('lienthong-written')).toMatch(/^directory=\d+$/);
  const again = await post(ESTABLISH, agency('H61.1'), headers);
  expect(await again.json()).toEqual(await first.json());
  const other = await post(ESTABLISH, agency('H61.2'), headers);
  expect([other.status, await other.json()]).toMatchObject([
    400,
    { code: 'INVALID_ARGUMENT', reason: expect.any(String) },
  ]);
  const both = await post(ESTABLISH, { ...agency('H61.3'), requestId: randomUUID() }, headers);
  expect(await both.json()).toMatchObject({
    reason: 'IDEMPOTENCY_KEY_DIFFERS',
    violations: [{ field: 'request_id' }],
  });
  const none = await post(ESTABLISH, agency('H61.4'), { authorization: await bearer(admin) });
  expect(await none.json()).toMatchObject({ status: 400, violations: [{ field: 'request_id' }] });
});

test('a body with an unknown field changes nothing', async () => {
  const { post, bearer } = platform;
  const headers = { authorization: await bearer(admin), 'idempotency-key': randomUUID() };
  const wrong = { ...agency('H63.1'), part: { ...agency('H63.1').part, nam: 'x' } };
  expect(await (await post(ESTABLISH, wrong, headers)).json()).toMatchObject({
    status: 400,
    reason: 'REQUEST_MALFORMED',
    violations: [{ field: 'part.nam', reason: 'FIELD_UNKNOWN' }],
  });
  const found = await post(
    'directory.v1.AgencyDirectoryService/ResolveCode',
    { code: { scheme: 'QD20', code: 'H63.1' } },
    headers,
  );
  expect(found.status).toBe(404);
});

test('a client of Server-Sent Events goes on after a cut line, and misses and doubles nothing', async () => {
  const { gateway, bearer } = platform;
  const line = await cuttable(gateway.address);
  const authorization = await bearer(clerk);
  const names: string[] = [];
  const lastIds: (string | null)[] = [];
  const source = new EventSource(`${line.url}${FOLLOW}?start=START_OLDEST&heartbeat=1s`, {
    fetch: (url, init) => {
      const headers = { ...(init?.headers as Record<string, string>), authorization };
      lastIds.push(new Headers(headers).get('last-event-id'));
      return fetch(url, { ...(init as RequestInit), headers });
    },
  });
  onTestFinished(() => source.close());
  source.addEventListener('event', ({ data }) => {
    const name = /Xã H62[.\d]+/.exec(data)?.[0];
    if (name) names.push(name);
  });
  await establish('H62.1');
  await establish('H62.2');
  await vi.waitFor(() => expect(names).toEqual(['Xã H62.1', 'Xã H62.2']), 20_000);
  line.cut();
  await establish('H62.3');
  await vi.waitFor(() => expect(names).toEqual(['Xã H62.1', 'Xã H62.2', 'Xã H62.3']), 20_000);
  expect(lastIds.length).toBeGreaterThan(1);
  expect(lastIds[0]).toBeNull();
  expect(lastIds.at(-1)).toMatch(/./);
});

test('a broken cursor is refused before the stream begins', async () => {
  const { send, bearer } = platform;
  const headers = { authorization: await bearer(clerk), accept: 'text/event-stream' };
  const byHeader = await send(FOLLOW, { headers: { ...headers, 'last-event-id': 'broken' } });
  expect([byHeader.status, await byHeader.json()]).toMatchObject([400, { reason: 'CURSOR_INVALID' }]);
  const byAddress = await send(`${FOLLOW}?cursor=broken`, { headers });
  expect([byAddress.status, await byAddress.json()]).toMatchObject([400, { reason: 'CURSOR_INVALID' }]);
  const unknown = await send(`${FOLLOW}?cursr=1&__proto__=2`, { headers });
  expect(await unknown.json()).toMatchObject({ violations: [{ field: 'cursr' }, { field: '__proto__' }] });
});

test('an upload goes on where its line broke off, and the file comes back', async () => {
  const { gateway, bearer, post } = platform;
  const line = await cuttable(gateway.address);
  const file = randomBytes(8 * 1024 * 1024);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const authorization = await bearer(clerk);
  const statuses: string[] = [];
  line.cutAfter(3 * 1024 * 1024);
  const url = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: `${line.url}${UPLOAD}`,
      headers: { authorization },
      metadata: { sha256 },
      retryDelays: [50, 200, 500, 1_000],
      onAfterResponse: (request, response) => {
        statuses.push(
          `${request.getMethod()} ${response.getStatus()} ${response.getHeader('upload-offset') ?? ''}`.trim(),
        );
      },
      onError: reject,
      onSuccess: () => resolve(upload.url as string),
    });
    upload.start();
  });
  expect(statuses[0]).toBe('POST 201 0');
  // It went on from bytes that had arrived, not from the start.
  expect(statuses.find((one) => one.startsWith('HEAD 200'))).toMatch(/^HEAD 200 [1-9]\d+$/);
  expect(statuses.at(-1)).toBe(`PATCH 204 ${file.length}`);
  const reply = await fetch(url, { headers: { authorization } });
  expect(await reply.json()).toEqual({ sha256, sizeBytes: String(file.length), alreadyStored: false });
  const stranger = await fetch(url, { headers: { authorization: await bearer(admin) } });
  expect([stranger.status, await stranger.json()]).toMatchObject([404, { reason: 'UPLOAD_UNKNOWN' }]);
  const whole = await post(DOWNLOAD, { sha256 }, { authorization });
  expect(whole.headers.get('content-length')).toBe(String(file.length));
  expect(Buffer.from(await whole.arrayBuffer()).equals(file)).toBe(true);
  const part = await post(DOWNLOAD, { sha256, offset: '1000', length: 500 }, { authorization });
  expect(Buffer.from(await part.arrayBuffer()).equals(file.subarray(1_000, 1_500))).toBe(true);
});

test('an upload is refused as over gRPC: a wrong digest, a wrong header, too many bytes', async () => {
  const { send, bearer } = platform;
  const authorization = await bearer(clerk);
  const begin = (metadata: string, length: number, body: Buffer) =>
    send(UPLOAD, {
      method: 'POST',
      headers: {
        authorization,
        'tus-resumable': '1.0.0',
        'upload-length': String(length),
        'upload-metadata': metadata,
        'content-type': 'application/offset+octet-stream',
      },
      body,
    });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const wrong = await begin(`sha256 ${base64('ab'.repeat(32))}`, 3, Buffer.from('abc'));
  expect([wrong.status, await wrong.json()]).toMatchObject([400, { reason: 'DIGEST_MISMATCH' }]);
  const unknown = await begin(`sha ${base64('ab')}`, 3, Buffer.from('abc'));
  expect(await unknown.json()).toMatchObject({
    violations: [{ field: 'header.sha', reason: 'FIELD_UNKNOWN' }],
  });
  const broken = await begin('sha256 ?', 3, Buffer.from('abc'));
  expect(await broken.json()).toMatchObject({
    violations: [{ field: 'upload-metadata', reason: 'HEADER_MALFORMED' }],
  });
  const long = await begin(`sha256 ${base64('ab'.repeat(32))}`, 3, Buffer.from('abcd'));
  expect([long.status, await long.json()]).toMatchObject([413, { reason: 'UPLOAD_TOO_LONG' }]);
  const plain = await send(UPLOAD, { method: 'POST', headers: { authorization } });
  expect([plain.status, await plain.json()]).toMatchObject([412, { reason: 'TUS_VERSION_UNSUPPORTED' }]);
});

test('calls without a token are limited by the address behind the gateway', async () => {
  const { post, stop } = await startRestPlatform({ RATE_PER_ADDRESS: '1' });
  onTestFinished(stop);
  const statuses = async (address: string, calls: number) => {
    const responses = Array.from({ length: calls }, () =>
      post(
        'registry.v1.ProcedureRegistryService/SearchProcedures',
        {},
        { 'x-forwarded-for': `10.9.9.9, ${address}` },
      ),
    );
    return (await Promise.all(responses)).map(({ status, headers }) => [status, headers.has('retry-after')]);
  };
  // The gateway's own address is not the one that counts: it is a proxy.
  const many = await statuses('10.1.0.1', 20);
  expect(many).toContainEqual([429, true]);
  expect(await statuses('10.1.0.2', 1)).toEqual([[200, false]]);
});

const chromium = findChromium();
if (chromium === undefined) console.log('skipped: /docs, because there is no Chromium on this machine');

test.skipIf(chromium === undefined)(
  'the page at /docs tries methods out in a browser, without and with a token',
  { timeout: 120_000 },
  async () => {
    const { gateway, bearer } = platform;
    const browser = await launchChromium(chromium as string);
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    page.setDefaultTimeout(50_000);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol === 'http:' && host !== gateway.address) complaints.push(`asks ${host}`);
    });
    await page.goto(`http://${gateway.address}/docs`);
    const attempt = async (service: string, method: string) => {
      const tag = page
        .locator('.opblock-tag-section')
        .filter({ has: page.locator(`[data-tag="${service}"]`) });
      const shown = tag.locator('.opblock').filter({ hasText: `/${service}/${method}` });
      if ((await shown.count()) === 0) await tag.locator('.opblock-tag').click();
      await shown.locator('.opblock-summary-control').click();
      await shown.locator('textarea.body-param__text').fill('{}');
      await shown.getByRole('button', { name: 'Execute' }).click();
      const reply = shown.locator('.live-responses-table');
      await reply.waitFor();
      const status = await reply.locator('tbody .response-col_status').first().innerText();
      const body = await reply.locator('tbody .response-col_description').first().innerText();
      await shown.locator('.opblock-summary-control').click();
      return [Number.parseInt(status, 10), body];
    };
    const procedures = 'lienthong.registry.v1.ProcedureRegistryService';
    expect(await attempt(procedures, 'SearchProcedures')).toEqual([200, expect.stringContaining('{')]);
    expect(complaints.splice(0)).toEqual([]);
    const inbox = ['lienthong.routing.v1.DocumentRoutingService', 'ListInbox'] as const;
    expect(await attempt(...inbox)).toEqual([401, expect.stringContaining('UNAUTHENTICATED')]);
    // The browser itself reports each reply that is an error.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);

    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.modal-ux');
    await dialog.locator('input').fill((await bearer(clerk)).replace('Bearer ', ''));
    await dialog.getByRole('button', { name: 'Apply credentials' }).click();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    expect(await attempt(...inbox)).toEqual([200, expect.stringContaining('{')]);
    expect(complaints).toEqual([]);
  },
);
