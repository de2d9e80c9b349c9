import { createHash, randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { PDF, type StaffBrowser } from './browser.ts';

/** What the console serves to pages. */
export function testBridge(pages: () => StaffBrowser): void {
  test('the bridge serves the methods of the pages alone, to a session, for pages of its own', async () => {
    const { platform, open, issue } = pages();
    const page = await open(platform.commune.clerk, '/van-ban-den');
    const { url } = platform.web;
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const post = async (method: string, headers: Record<string, string>, body = '{}') => {
      const response = await fetch(`${url}/api/lienthong.${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      const text = await response.text();
      return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
    };
    const INBOX = 'routing.v1.DocumentRoutingService/ListInbox';
    const own = { origin: url, cookie };
    expect(await post(INBOX, own)).toMatchObject({ status: 200, body: { items: expect.any(Array) } });
    await issue('V/v trả lời dài');
    await issue('V/v trả lời dài hơn');
    const zipped = await fetch(`${url}/api/lienthong.${INBOX}`, {
      method: 'POST',
      headers: { ...own, 'content-type': 'application/json', 'accept-encoding': 'gzip' },
      body: '{}',
    });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(await zipped.json()).toMatchObject({ items: expect.any(Array) });
    expect(await post(INBOX, { origin: url })).toMatchObject({ status: 401, body: { reason: 'SIGNED_OUT' } });
    expect(await post(INBOX, { ...own, 'lien-thong-session': randomUUID() })).toMatchObject({
      status: 409,
      body: { reason: 'SESSION_CHANGED' },
    });
    expect(await post(INBOX, { ...own, origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await post('audit.v1.AuditService/ListEntries', own)).toMatchObject({ status: 404 });
    expect(await post('operations.v1.OperationsService/GetStatus', own)).toMatchObject({
      status: 403,
      body: { reason: 'ROLE_MISSING' },
    });
    expect(await post(INBOX, own, '{"filtre":{}}')).toMatchObject({
      status: 400,
      body: { reason: 'REQUEST_MALFORMED', violations: [{ field: 'filtre', reason: 'FIELD_UNKNOWN' }] },
    });
    const sha256 = createHash('sha256').update(PDF).digest('hex');
    const file = (headers: Record<string, string> = {}) =>
      fetch(`${url}/api/files/van-ban/${sha256}?ten=a.html&loai=text/html&xem=`, {
        headers: { cookie, ...headers },
      });
    const whole = await file();
    expect(whole.headers.get('content-type')).toBe('application/octet-stream');
    expect(whole.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(PDF);
    const part = await file({ range: 'bytes=5-' });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 5-${PDF.length - 1}/${PDF.length}`,
    ]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(PDF.subarray(5));
    expect((await file({ range: 'bytes=9999-' })).status).toBe(400);
    await vi.waitFor(async () =>
      expect((await fetch(`${url}/api/files/van-ban/${sha256}`)).status).toBe(401),
    );
  });
}
