import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Tier } from '@lienthong/contracts/directory';
import { Start } from '@lienthong/contracts/feed';
import { type Database, vietnamDate } from '@lienthong/kit';
import { freePort, openTestDatabase } from '@lienthong/testkit';
import { findChromium } from '@lienthong/testkit/chromium';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Browsing, browse, inspect, WAIT } from './support/browsing.ts';
import { type Pages, startPages } from './support/pages.ts';

const chromium = findChromium();
if (chromium === undefined)
  console.log('skipped: there is no Chromium on this machine; set CHROMIUM to its program');

const OPERATOR = { about: 'Vận hành và kiểm toán' };
const HOSTILE = '<img src=x onerror=alert(1)>';
const TEST_MS = 240_000;

describe.skipIf(chromium === undefined)('pages of operators', { timeout: TEST_MS }, () => {
  let platform: Pages;
  let pages: Browsing;
  let db: Database;
  let receiver: string;

  beforeAll(async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    receiver = `http://${listen}/v1/traces`;
    platform = await startPages({
      TRACES_LISTEN: listen,
      WEBHOOK_ALLOW_PRIVATE: 'true',
      WEBHOOK_ALLOW_HTTP: 'true',
    });
    pages = await browse(chromium as string, platform.web.url);
    db = openTestDatabase(platform.databaseUrl, 'traces', 1);
  }, TEST_MS);
  afterAll(async () => {
    await db?.close();
    await pages?.close();
    await platform?.stop();
  });
  afterEach(async () => expect(await pages?.closePages()).toEqual([]));

  const tile = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

  /** A trace with a call that has a transaction in it, as a process sends it; returns its id. */
  async function send(dossier: string, { ms = 10, failed = false, ago = 0 } = {}): Promise<string> {
    const traceId = randomBytes(16).toString('hex');
    const [call, inner] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
    const began = Date.now() - ago;
    const at = (after: number) => String(BigInt(began + after) * 1_000_000n);
    const span = {
      traceId,
      kind: 2,
      attributes: [{ key: 'lienthong.dossier', value: { stringValue: dossier } }],
    };
    const spans = [
      {
        ...span,
        spanId: call,
        name: `lienthong.casework.v1.CaseworkService/LodgeDossier ${HOSTILE}`,
        startTimeUnixNano: at(0),
        endTimeUnixNano: at(ms),
        status: { code: failed ? 2 : 0 },
      },
      {
        ...span,
        spanId: inner,
        parentSpanId: call,
        name: 'commands',
        startTimeUnixNano: at(ms / 2),
        endTimeUnixNano: at(ms),
      },
    ];
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'casework' } }] };
    const response = await fetch(receiver, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
    });
    expect(response.status).toBe(200);
    await vi.waitFor(() => platform.admin.traces.getTrace({ traceId }), WAIT);
    return traceId;
  }

  test('each part of the platform has its tile, which fails and comes back alone', async () => {
    const page = await pages.open(OPERATOR, '/van-hanh');
    await tile(page, 'Nhật ký sự kiện')
      .getByRole('row', { name: /directory/ })
      .getByText('Tốt')
      .waitFor();
    await tile(page, 'Dịch vụ')
      .getByRole('row', { name: /^traces Đang chạy/ })
      .waitFor();
    await tile(page, 'Webhook của các cơ quan').getByText('Không có webhook nào bị lỗi.').waitFor();
    const consumers = tile(page, 'Nơi đọc sự kiện');
    await consumers.getByText(/^Tất cả \d+ nơi đọc$/).click();
    await consumers
      .locator('details')
      .getByRole('row', { name: /^audit \// })
      .first()
      .waitFor();
    await tile(page, 'Sự kiện bị gác lại').getByText('Không có sự kiện nào bị gác lại.').waitFor();
    await tile(page, 'Việc không ai thấy').getByText('Không có.').nth(2).waitFor();
    const channels = tile(page, 'Kênh thông báo');
    await channels.getByRole('row', { name: /Trong ứng dụng/ }).waitFor();
    await inspect(page);
    await page.route('**/GetChannelStatus', (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.reload();
    await channels.getByRole('alert').waitFor();
    await tile(page, 'Nhật ký sự kiện')
      .getByRole('row', { name: /directory/ })
      .waitFor();
    await page.unroute('**/GetChannelStatus');
    await channels.getByRole('row', { name: /Trong ứng dụng/ }).waitFor();
    expect(await channels.getByRole('alert').count()).toBe(0);
  });

  test('an event that cannot be applied is shown with its error, and applied again once the cause is gone', async () => {
    await db.query({ text: 'alter table agency add constraint broken check (false) not valid' });
    const { agency } = await platform.admin.directory.establishAgency({
      part: { codes: [{ code: 'H61.77' }], name: 'Xã An Bình', tier: Tier.COMMUNE },
      legalBasis: 'QĐ 1/QĐ-UBND',
    });
    const page = await pages.open(OPERATOR, '/van-hanh');
    const parked = tile(page, 'Sự kiện bị gác lại').locator('.item', { hasText: agency?.id ?? '' });
    await parked.getByText('violates check constraint "broken"').waitFor();
    await inspect(page);
    const replay = parked.getByRole('button', { name: 'Áp dụng lại' });
    await replay.click();
    await parked.getByText('Đã áp dụng 0, còn 1 bị gác lại.').waitFor();
    await db.query({ text: 'alter table agency drop constraint broken' });
    await replay.click();
    await page.getByText('Không có sự kiện nào bị gác lại.').waitFor();
    expect(await db.query({ text: 'select from agency where id = $1', values: [agency?.id] })).toHaveLength(
      1,
    );
  });

  test('a webhook that takes nothing is shown with its attempts, and resumed', async () => {
    const receiver = createServer((_, response) => response.writeHead(410).end(HOSTILE)).listen(
      0,
      '127.0.0.1',
    );
    onTestFinished(() => void receiver.close());
    await once(receiver, 'listening');
    const { agency } = await platform.admin.directory.establishAgency({
      part: { codes: [{ code: 'H61.78' }], name: `Xã ${HOSTILE}`, tier: Tier.COMMUNE },
      legalBasis: 'QĐ 2/QĐ-UBND',
    });
    const leader = platform.as({ agencyId: agency?.id ?? '', officerId: 'chủ tịch', roles: ['leader'] });
    const { port } = receiver.address() as AddressInfo;
    await leader.webhooks.createWebhook({
      url: `http://127.0.0.1:${port}/?khoa=bi-mat`,
      start: Start.OLDEST,
    });
    const page = await pages.open(OPERATOR, '/van-hanh');
    const webhook = tile(page, 'Webhook của các cơ quan').locator('.item', { hasText: `Xã ${HOSTILE}` });
    await webhook.getByText('Đã tạm dừng').waitFor();
    expect(await webhook.textContent()).not.toContain('bi-mat');
    await webhook.getByText('Các lần gửi gần nhất').click();
    await webhook.getByText('HTTP 410').nth(1).waitFor();
    await inspect(page);
    await webhook.getByRole('button', { name: 'Gửi tiếp' }).click();
    await expect.poll(async () => (await attempts()).length, WAIT).toBeGreaterThan(1);
    async function attempts() {
      const { webhooks } = await leader.webhooks.listWebhooks({});
      return (await leader.webhooks.listAttempts({ webhookId: webhooks[0]?.id ?? '' })).attempts;
    }
  });

  test('documents at an agency that ended without a successor are named', async () => {
    const established = (code: string, name: string) =>
      platform.admin.directory.establishAgency({
        part: { codes: [{ code }], name, tier: Tier.COMMUNE },
        legalBasis: 'QĐ 3/QĐ-UBND',
      });
    const [issuer, ended] = [await established('H61.79', 'Xã Gửi'), await established('H61.80', 'Xã Hết')];
    const agencyId = ended.agency?.id ?? '';
    const clerk = platform.as(
      { agencyId: issuer.agency?.id ?? '', officerId: 'văn thư', roles: ['clerk'] },
      platform.admin.written(),
    );
    const { sha256 } = await clerk.uploadAttachment(Buffer.from('Nội dung'));
    await clerk.routing.issueDocument({
      notation: 'UBND-VP',
      type: 'CV',
      subject: 'V/v còn dang dở',
      signer: { competence: '', position: 'Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
      attachments: [{ sha256, name: 'cong-van.txt', contentType: 'text/plain' }],
      recipients: [{ recipient: { $case: 'agencyId', value: agencyId } }],
    });
    await platform.admin.directory.endAgency({
      part: { agency: { ref: { $case: 'id', value: agencyId } } },
      effectiveOn: vietnamDate(new Date()),
      legalBasis: 'QĐ 4/QĐ-UBND',
    });
    const page = await pages.open(OPERATOR, '/van-hanh');
    await tile(page, 'Việc không ai thấy').getByText('Xã Hết: 1 văn bản').waitFor();
    await inspect(page);
  });

  test('traces are found by dossier, failure and slowness, which stay in the address', async () => {
    const dossier = 'H61.7-260115-0001';
    const first = await send(dossier, { ago: 9 * 86_400_000 });
    await send(dossier, { ms: 3_000 });
    await send('H61.7-260115-0002', { failed: true });
    const page = await pages.open(OPERATOR, '/van-hanh/vet');
    await page.locator('.item').nth(2).waitFor();
    await inspect(page);
    const search = async (label: string, text: string) => {
      await page.getByLabel(label).fill(text);
      await page.getByRole('button', { name: 'Tìm' }).click();
    };
    const count = (n: number) => expect.poll(() => page.locator('.item').count(), WAIT).toBe(n);
    await search('Mã hồ sơ', dossier);
    await count(2);
    await search('Chậm hơn (mili giây)', '1000');
    await count(1);
    await page.reload();
    await count(1);
    await search('Chậm hơn (mili giây)', '');
    await page.getByRole('checkbox', { name: 'Chỉ những lần lỗi' }).check();
    await search('Mã hồ sơ', '');
    await count(1);
    await page.locator('.item').getByText('Lỗi').waitFor();
    await page.getByRole('checkbox', { name: 'Chỉ những lần lỗi' }).uncheck();
    await search('Số, ký hiệu văn bản', '12/KH-UBND');
    await page.getByText('Cần mã cơ quan ban hành văn bản.').waitFor();
    await search('Mã cơ quan', 'H61.99999');
    await page.getByRole('alert').waitFor();
    await search('Mã hồ sơ', first);
    await page.waitForURL(`${platform.web.url}/lam-viec/van-hanh/vet/${first}`);
    await page.goto(`${platform.web.url}/lam-viec/van-hanh/vet?ma=${dossier}`);

    await page.getByRole('link', { name: `Hành trình của hồ sơ ${dossier}` }).click();
    await page.getByRole('heading', { name: `Hành trình của hồ sơ ${dossier}` }).waitFor();
    await page.locator('.item summary').nth(1).waitFor();
    await page.locator('.item summary').first().click();
    await page
      .locator('.item details[open]')
      .getByRole('rowheader', { name: /^commands/ })
      .waitFor();
    await inspect(page);
    await page.locator('.item details[open]').getByRole('link').click();
    await page.waitForURL(`${platform.web.url}/lam-viec/van-hanh/vet/${first}`);
    const rows = page.getByRole('rowheader');
    await expect.poll(() => rows.count(), WAIT).toBe(2);
    expect(await rows.first().textContent()).toContain(HOSTILE);
    await inspect(page);
  });
});
