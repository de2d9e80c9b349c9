import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DossierStatus } from '@lienthong/contracts/casework';
import { MessageChannel, Topic } from '@lienthong/contracts/notification';
import { Channel } from '@lienthong/contracts/registry';
import { SteeringType, Urgency } from '@lienthong/contracts/routing';
import { vietnamDate } from '@lienthong/kit';
import { findChromium, launchChromium } from '@lienthong/testkit/chromium';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Person, type StaffPages, startStaffPages } from './support/pages.ts';

const chromium = findChromium();
if (chromium === undefined)
  console.log('skipped: there is no Chromium on this machine; set CHROMIUM to its program');

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HOSTILE = '<img src=x onerror=alert(1)>';
const WIDTHS = [360, 768, 1280];
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
/** Far more than anything takes: a loaded machine is no failure. */
const WAIT = { timeout: 50_000 };
const TEST_MS = 240_000;

describe.skipIf(chromium === undefined)('pages of staff', { timeout: TEST_MS }, () => {
  let platform: StaffPages;
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  /** What a browser complains about: blocked by the policy of the pages, thrown, or run by a text that is shown. */
  const complaints: string[] = [];

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startStaffPages(), launchChromium(chromium as string)]);
  }, TEST_MS);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });

  /** A browser of its own in which the person has signed in, at a path of the pages. */
  async function open(person: Person, path: string): Promise<Page> {
    const context = await browser.newContext({ locale: 'vi-VN', acceptDownloads: true });
    contexts.push(context);
    context.setDefaultTimeout(WAIT.timeout);
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => complaints.push(`a text was run: ${dialog.message()}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        complaints.push(message.text());
    });
    await page.goto(`${platform.web.url}/lam-viec${path}`);
    await choose(page, person);
    await page.waitForURL(`${platform.web.url}/lam-viec${path}`);
    return page;
  }

  const choose = (page: Page, person: Person) =>
    page.getByRole('button').filter({ hasText: person.about }).click();

  async function issue(subject: string, more: object = {}) {
    const { client } = platform.province.clerk;
    const { sha256 } = await client.uploadAttachment(PDF);
    const { document, deliveries } = await client.routing.issueDocument({
      notation: 'UBND-VP',
      type: 'CV',
      subject,
      signer: { competence: 'KT. CHỦ TỊCH', position: 'Phó Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
      attachments: [{ sha256, name: `ke-hoach ${HOSTILE}.pdf`, contentType: 'application/pdf' }],
      recipients: [{ recipient: { $case: 'agencyId', value: platform.commune.agencyId } }],
      ...more,
    });
    return { documentId: document?.id ?? '', deliveryId: deliveries[0]?.deliveryId ?? '' };
  }

  /** Nothing that WCAG 2.2 AA forbids, and nothing that runs out of the page, at three widths. */
  async function inspect(page: Page): Promise<void> {
    // The code of a screen may still be on its way.
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => {
      // biome-ignore lint/suspicious/noExplicitAny: axe is there once its script has run.
      const { violations } = await (globalThis as any).axe.run();
      return violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [
        id,
        nodes.map(({ html }) => html),
      ]);
    });
    expect(found).toEqual([]);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const tooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      expect({ width, tooWide }).toEqual({ width, tooWide: false });
    }
  }

  test('documents arrive while one looks, urgent ones first; a text that looks like a page stays a text', async () => {
    const page = await open(platform.commune.clerk, '/van-ban-den');
    await issue(`V/v công khai thủ tục ${HOSTILE}`);
    await issue('V/v ứng phó mưa lũ', { urgency: Urgency.FLASH, type: 'CĐ' });
    await issue('V/v họp giao ban');
    await expect
      .poll(() => page.locator('.item-title').allTextContents(), WAIT)
      .toEqual(['V/v ứng phó mưa lũ', 'V/v họp giao ban', `V/v công khai thủ tục ${HOSTILE}`]);
    await expect
      .poll(
        () =>
          page
            .getByRole('link', { name: /Mới đến/ })
            .locator('.amount')
            .textContent(),
        WAIT,
      )
      .toBe('3');
    await inspect(page);
    for (const text of ['cong khai', 'công khai'.normalize('NFD')]) {
      await page.getByRole('searchbox').fill(text);
      await page.getByRole('button', { name: 'Tìm' }).click();
      await expect.poll(() => page.locator('.item-title').count(), WAIT).toBe(1);
      expect(new URL(page.url()).searchParams.get('tim')).toBe(text);
    }
    // The address alone shows the same, and English is one press away.
    await page.reload();
    await expect.poll(() => page.locator('.item-title').count(), WAIT).toBe(1);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  });

  test('a document is read, registered, assigned and done, and refused with a reason', async () => {
    const { deliveryId } = await issue('V/v kế hoạch năm');
    const page = await open(platform.commune.clerk, `/van-ban-den/${deliveryId}`);
    await page.getByRole('button', { name: /^Xem/ }).click();
    await page.locator('iframe.viewer').waitFor();
    await inspect(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /Tải về/ }).click(),
    ]);
    expect(readFileSync(await download.path())).toEqual(PDF);

    await page.getByRole('button', { name: 'Tiếp nhận, đăng ký' }).click();
    await page.getByRole('button', { name: 'Phân công' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('button', { name: 'Phân công' }).click();
    await form.getByText('Cần điền ô này.').waitFor();
    await inspect(page);
    const { fullName } = platform.commune.head;
    await form.getByLabel('Người xử lý').selectOption({ label: `${fullName}, Thủ trưởng` });
    await form.getByLabel('Ý kiến chỉ đạo').fill(`Báo cáo trước thứ Sáu ${HOSTILE}`);
    await form.getByRole('button', { name: 'Phân công' }).click();
    await page.getByText(`Người xử lý: ${fullName} (Thủ trưởng)`).waitFor();
    await page.getByRole('button', { name: 'Đang xử lý' }).click();
    await page.locator('.timeline').getByText('Đang xử lý').waitFor();
    await page.getByRole('button', { name: 'Hoàn thành' }).click();
    await page.getByText('Không còn việc gì với văn bản này.').waitFor();
    const { history } = await platform.commune.clerk.client.routing.getDelivery({ deliveryId });
    expect(history.map(({ status }) => status)).toEqual([1, 3, 4, 5, 6]);

    const other = await issue('V/v gửi nhầm');
    await page.goto(`${platform.web.url}/lam-viec/van-ban-den/${other.deliveryId}`);
    await page.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    await form.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    await form.getByText('Cần điền ô này.').waitFor();
    await form.getByLabel('Lý do').fill('Không thuộc thẩm quyền');
    await form.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    await page.locator('.timeline').getByText('Không thuộc thẩm quyền').waitFor();
  });

  test('a document is written with files and recipients from the tree, checked, issued and recalled', async () => {
    const page = await open(platform.province.clerk, '/soan');
    await page.getByLabel('Ký hiệu').fill('UBND-TEST');
    await page.getByLabel('Trích yếu').fill(`V/v mời họp ${HOSTILE}`);
    await page.getByLabel('Họ tên người ký').fill('Nguyễn Văn Mẫu');
    const bytes = Buffer.alloc(3 * 1024 * 1024, 'tệp đính kèm');
    await page
      .getByLabel('Tệp đính kèm')
      .setInputFiles({ name: `tệp ${HOSTILE}.txt`, mimeType: 'text/plain', buffer: bytes });
    await page.getByText('Đã tải lên').waitFor();
    await page.getByRole('button', { name: 'Kiểm tra trước khi ban hành' }).click();
    const check = page.getByRole('dialog', { name: 'Kiểm tra trước khi ban hành' });
    await check.getByText('Còn thiếu: Nơi nhận').waitFor();
    await check.getByRole('button', { name: 'Soạn tiếp' }).click();
    // What was typed outlives a reload; the tree and the search give the same agency once.
    await page.getByLabel('Tìm cơ quan theo tên').fill('long chau');
    await page.locator('.found').filter({ hasText: platform.commune.name }).click();
    const chosen = page.getByRole('checkbox', { name: platform.commune.name });
    await expect.poll(() => chosen.isChecked(), WAIT).toBe(true);
    await inspect(page);
    await page.getByRole('button', { name: 'Kiểm tra trước khi ban hành' }).click();
    await check.getByText('Nơi nhận (1)').waitFor();
    await check.getByRole('button', { name: 'Ban hành' }).click();
    await page.getByRole('heading', { name: `V/v mời họp ${HOSTILE}` }).waitFor();
    await page.locator('summary', { hasText: platform.commune.name }).click();
    await page.locator('.recipient .timeline').waitFor();
    await inspect(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /Tải về/ }).click(),
    ]);
    expect(readFileSync(await download.path())).toEqual(bytes);
    await page.getByRole('button', { name: 'Thu hồi' }).click();
    const recall = page.getByRole('dialog', { name: 'Thu hồi' });
    await recall.getByRole('button', { name: 'Thu hồi' }).click();
    await recall.getByText('Cần điền ô này.').waitFor();
    await recall.getByLabel('Lý do').fill('Gửi nhầm');
    await recall.getByRole('button', { name: 'Thu hồi' }).click();
    await recall.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Văn bản đi' }).click();
    await page.getByText('Đã rút trước khi đến: 1').waitFor();
    await inspect(page);
  });

  test('a directive is answered by a report; its giver sees who has not answered, and writes a reminder', async () => {
    const subject = `Kế hoạch rà soát ${HOSTILE}`;
    const other = await platform.admin.directory.searchAgencies({ query: 'Sở Tư pháp', pageSize: 1 });
    const { documentId, deliveryId } = await issue(subject, {
      type: 'KH',
      notation: 'KH-UBND',
      steering: SteeringType.DIRECTIVE,
      dueOn: vietnamDate(new Date(Date.now() + 10 * 86_400_000)),
      recipients: [platform.commune.agencyId, other.agencies[0]?.id ?? ''].map((value) => ({
        recipient: { $case: 'agencyId' as const, value },
      })),
    });
    const page = await open(platform.commune.clerk, '/nhiem-vu');
    await page.getByRole('link', { name: subject }).waitFor();
    await inspect(page);
    await page.getByRole('link', { name: subject }).click();
    await page.waitForURL(`**/van-ban-den/${deliveryId}`);
    await page.getByRole('link', { name: 'Trả lời bằng văn bản' }).click();
    await page.getByRole('button', { name: 'Gửi nơi ban hành' }).click();
    await page.getByLabel('Ký hiệu').fill('BC-UBND');
    await page.getByLabel('Trích yếu').fill('Báo cáo kết quả rà soát');
    await page.getByLabel('Họ tên người ký').fill('Trần Văn Mẫu');
    await page.getByRole('button', { name: 'Kiểm tra trước khi ban hành' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ban hành' }).click();
    await page.getByRole('heading', { name: 'Báo cáo kết quả rà soát' }).waitFor();

    const giver = await open(platform.province.clerk, '/nhiem-vu?muc=da-giao');
    const item = giver.locator('.item', { hasText: subject });
    await item.getByText('Đúng hạn: 1').waitFor();
    await inspect(giver);
    await item.getByRole('link').click();
    await giver.waitForURL(`**/van-ban-di/${documentId}`);
    const [download] = await Promise.all([
      giver.waitForEvent('download'),
      giver.getByRole('button', { name: 'CSV' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain(`${platform.commune.name},Đúng hạn,`);
    await giver.getByRole('link', { name: 'Soạn văn bản nhắc' }).click();
    await giver.getByText('Nơi nhận (1)').waitFor();
    expect(await giver.getByLabel('Trích yếu').inputValue()).toMatch(/^V\/v nhắc trả lời văn bản số \d+\/KH-UBND$/);
    await giver.getByRole('button', { name: 'Sở Tư pháp' }).first().waitFor();
  });

  test('an officer is notified, opens what it is about, and chooses how to be notified', async () => {
    const { clerk, head } = platform.commune;
    const { dossierId, code } = await head.client.casework.lodgeDossier({
      procedureCode: '2.000815',
      channel: Channel.IN_PERSON,
      applicant: { fullName: 'Lê Thị Thử' },
      data: { pages: '2' },
      papers: [{ key: 'ban-chinh', name: 'Bằng tốt nghiệp', originals: 1 }],
      accept: true,
    });
    const { dossier } = await head.client.casework.getDossier({ dossierId });
    const { officerId } = await clerk.client.directory.getCaller({});
    const taskNumber = dossier?.tasks.at(-1)?.number ?? 0;
    await head.client.casework.assignTask({ dossierId, taskNumber, officerId });
    const page = await open(clerk, '/thong-bao');
    await page.locator('.item', { hasText: code }).first().waitFor();
    await inspect(page);
    await page.locator('.item', { hasText: code }).first().getByRole('link').click();
    await page.getByRole('heading', { name: code }).waitFor();
    await page.getByRole('link', { name: /^Thông báo/ }).click();
    await expect
      .poll(() => page.locator('.item-new', { hasText: code }).count(), WAIT)
      .toBe(0);
    await page.getByRole('link', { name: 'Cài đặt thông báo' }).click();
    await page.getByLabel('Được giao việc: Thư điện tử').uncheck();
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('Đã lưu.').waitFor();
    await page.getByLabel('Thư điện tử', { exact: true }).fill('không phải thư');
    await page.getByLabel('Điện thoại').fill('0901234567');
    await inspect(page);
    const { preferences } = await clerk.client.notifications.getPreferences({});
    const chosen = preferences?.topics.find(({ topic }) => topic === Topic.TASK_ASSIGNED);
    expect(chosen?.channels).not.toContain(MessageChannel.EMAIL);
  });

  test('agencies are found in the tree of a date, with officers, hours and lineage', async () => {
    const page = await open(platform.commune.clerk, '/co-quan');
    await page.getByRole('link', { name: 'Sở Tư pháp' }).waitFor();
    await page.getByText('Tết').first().waitFor();
    await inspect(page);
    await page.getByLabel('Tìm cơ quan theo tên').fill('long chau');
    await page.locator('.found').filter({ hasText: platform.commune.name }).click();
    await page.getByRole('heading', { name: platform.commune.name }).waitFor();
    await page.getByText(platform.commune.head.fullName).first().waitFor();
    await page.getByRole('heading', { name: 'Sáp nhập, chia tách' }).waitFor();
    await inspect(page);
    const before = page.locator('.timeline a').first();
    const name = (await before.textContent()) ?? '';
    await before.click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
    await page.getByText(/kết thúc từ/).waitFor();
  });

  test('what was typed of a document outlives a reload, and is nobody else’s', async () => {
    const page = await open(platform.province.clerk, '/soan');
    await page.getByLabel('Trích yếu').fill('V/v chưa xong');
    await page.reload();
    expect(await page.getByLabel('Trích yếu').inputValue()).toBe('V/v chưa xong');
    await page.context().clearCookies();
    await page.goto(`${platform.web.url}/lam-viec/soan`);
    await choose(page, platform.commune.clerk);
    await page.getByLabel('Trích yếu').waitFor();
    expect(await page.getByLabel('Trích yếu').inputValue()).toBe('');
  });

  test('an officer takes a dossier, sees its deadline explained, ends its step, and the result is given', async () => {
    const { clerk } = platform.commune;
    const { dossierId, code } = await clerk.client.casework.lodgeDossier({
      procedureCode: '2.000815',
      channel: Channel.IN_PERSON,
      applicant: { fullName: `Trần Thị Mẫu ${HOSTILE}` },
      data: { pages: '2' },
      papers: [{ key: 'ban-chinh', name: 'Bằng tốt nghiệp', originals: 1 }],
      accept: true,
    });
    const page = await open(clerk, '/viec?muc=chua-giao');
    await page.getByText(code).waitFor();
    await inspect(page);
    await page.locator('.item', { hasText: code }).locator('.item-title').click();
    await page.getByRole('heading', { name: code }).waitFor();
    await page.getByText('Cách tính hạn').click();
    await page.locator('.numbered li').first().waitFor();
    await page.getByRole('button', { name: 'Nhận việc' }).click();
    await page.getByText(`Người xử lý: ${clerk.fullName}`).waitFor();
    await page.getByRole('button', { name: 'Trả lại bước trước' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('button', { name: 'Trả lại bước trước' }).click();
    await form.getByText('Cần điền ô này.').waitFor();
    await form.getByRole('button', { name: 'Hủy' }).click();
    await inspect(page);
    for (let step = 0; step < 5; step += 1) {
      await page.getByRole('button', { name: 'Hoàn thành bước' }).click();
      for (const number of await form.getByRole('textbox', { name: /^Số của/ }).all())
        await number.fill('01/CT');
      await form.getByRole('button', { name: 'Hoàn thành bước' }).click();
      await form.waitFor({ state: 'detached' });
      const give = page.getByRole('button', { name: 'Trả kết quả' });
      const claim = page.getByRole('button', { name: 'Nhận việc' });
      await give.or(claim).first().waitFor();
      if (await give.isVisible()) break;
      await claim.click();
    }
    await page.getByRole('button', { name: 'Trả kết quả' }).click();
    await page.getByText('Đã trả kết quả', { exact: true }).waitFor();
    const { dossier } = await clerk.client.casework.getDossier({ dossierId });
    expect(dossier?.status).toBe(DossierStatus.RESULT_RETURNED);
  });

  test('a dossier waits for a supplement and a payment, stops, goes on and is withdrawn', async () => {
    const { clerk } = platform.commune;
    const { dossierId } = await clerk.client.casework.lodgeDossier({
      procedureCode: '2.000815',
      channel: Channel.IN_PERSON,
      applicant: { fullName: 'Lê Thị Thử' },
      data: { pages: '2' },
      papers: [{ key: 'ban-chinh', name: 'Bằng tốt nghiệp', originals: 1 }],
      accept: true,
    });
    const page = await open(clerk, `/ho-so/${dossierId}`);
    const badge = page.locator('.badge');
    const form = page.getByRole('dialog');
    const begin = (act: string) => page.getByRole('button', { name: act, exact: true }).click();
    const end = async (act: string) => {
      await form.getByRole('button', { name: act, exact: true }).click();
      await form.waitFor({ state: 'detached' });
    };
    await begin('Yêu cầu bổ sung');
    await form.getByRole('button', { name: 'Yêu cầu bổ sung' }).click();
    await form.getByText('Cần điền ô này.').waitFor();
    await inspect(page);
    await form.getByLabel('Giấy tờ còn thiếu').fill(`Bản sao giấy khai sinh ${HOSTILE}`);
    await end('Yêu cầu bổ sung');
    await badge.getByText('Chờ bổ sung giấy tờ').waitFor();
    await begin('Phiếu yêu cầu bổ sung');
    await form.locator('iframe').waitFor();
    await end('Đóng');
    await begin('Nhận bổ sung');
    await form.getByText(`Bản sao giấy khai sinh ${HOSTILE}`).waitFor();
    await form.getByLabel('Số bản sao').first().fill('1');
    await inspect(page);
    await end('Nhận bổ sung');
    await begin('Yêu cầu nộp phí');
    await form.getByLabel('Số tiền').fill('12.000');
    await form.getByLabel('Nội dung thu').fill('Lệ phí chứng thực');
    await end('Yêu cầu nộp phí');
    await badge.getByText('Chờ nộp phí, lệ phí').waitFor();
    await begin('Ghi nhận đã nộp phí');
    await form.getByLabel('Số tiền').fill('11.000');
    await form.getByLabel('Số biên lai').fill('BL-01');
    await form.getByRole('button', { name: 'Ghi nhận đã nộp phí' }).click();
    await form.getByRole('alert').first().waitFor();
    await form.getByLabel('Số tiền').fill('12.000');
    await end('Ghi nhận đã nộp phí');
    await begin('Dừng giải quyết');
    await form.getByLabel('Lý do').fill('Chờ kết luận thanh tra');
    await end('Dừng giải quyết');
    await badge.getByText('Dừng xử lý').waitFor();
    await begin('Giải quyết tiếp');
    await end('Giải quyết tiếp');
    await begin('Rút hồ sơ theo yêu cầu');
    await form.getByLabel('Lý do').fill('Người nộp đổi ý');
    await end('Rút hồ sơ theo yêu cầu');
    await badge.getByText('Đã rút').waitFor();
    await inspect(page);
    const { dossier } = await clerk.client.casework.getDossier({ dossierId });
    expect(dossier).toMatchObject({ status: DossierStatus.WITHDRAWN, payments: [{ amountVnd: 12_000n }] });
  });

  test('a dossier is lodged by its procedure’s form: what is missing shows first, refusals stand at their fields', async () => {
    const page = await open(platform.commune.clerk, '/tiep-nhan?tim=chung+thuc+ban+sao');
    await inspect(page);
    await page.locator('.item', { hasText: '2.000815' }).locator('.item-title').click();
    await page.getByText('Còn thiếu giấy tờ').waitFor();
    expect(await page.getByRole('button', { name: 'Tiếp nhận hồ sơ' }).isDisabled()).toBe(true);
    await page.getByLabel('Số bản chính').first().fill('1');
    await page.getByLabel('Điện thoại').fill('không có');
    await page.getByRole('button', { name: 'Tiếp nhận hồ sơ' }).click();
    await page.getByText('Số điện thoại chưa đúng.').waitFor();
    await inspect(page);
    await page.getByLabel('Điện thoại').fill('0901234567');
    await page.getByLabel('Họ và tên').fill(`Lê Thị Thử ${HOSTILE}`);
    await page.getByLabel('Số trang').fill('2');
    await page.getByRole('button', { name: 'Tiếp nhận hồ sơ' }).click();
    await page.getByText('Đã nhận hồ sơ').waitFor();
    await page.getByRole('img', { name: /Mã QR/ }).waitFor();
    await inspect(page);
    await page.getByRole('button', { name: 'Giấy tiếp nhận' }).click();
    await page.locator('dialog iframe').waitFor();
    await page.getByRole('button', { name: 'Đóng' }).click();
    await page.getByRole('link', { name: 'Mở hồ sơ' }).click();
    await page.getByText(`Lê Thị Thử ${HOSTILE}`).waitFor();
  });

  test('a head sees the figures of the agency, and takes them along as CSV', async () => {
    const { casework } = platform.commune.clerk.client;
    const { dossierId } = await casework.lodgeDossier({
      procedureCode: '2.000815',
      channel: Channel.IN_PERSON,
      applicant: { fullName: 'Trần Thị Mẫu' },
      data: { pages: '2' },
      papers: [{ key: 'ban-chinh', name: 'Bằng tốt nghiệp', originals: 1 }],
    });
    await casework.refuseDossier({ dossierId, reason: 'Không thuộc thẩm quyền' });
    const page = await open(platform.commune.head, '/so-lieu?theo=thang');
    await page.getByRole('rowheader').first().waitFor();
    await inspect(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^\ufeffTháng,Đã giải quyết,/);
  });

  test('a session that ends in the middle of a form loses nothing that was typed', async () => {
    const { deliveryId } = await issue('V/v phiên làm việc');
    const page = await open(platform.commune.clerk, `/van-ban-den/${deliveryId}`);
    await page.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    const form = page.getByRole('dialog', { name: 'Từ chối, trả lại' });
    await form.getByLabel('Lý do').fill('Gửi nhầm nơi nhận');
    await page.context().clearCookies();
    await form.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    const again = page.getByRole('dialog', { name: 'Phiên làm việc đã hết' });
    await again.waitFor();
    expect(await form.getByLabel('Lý do').inputValue()).toBe('Gửi nhầm nơi nhận');
    const [window] = await Promise.all([
      page.context().waitForEvent('page'),
      again.getByRole('link', { name: 'Đăng nhập lại' }).click(),
    ]);
    await choose(window, platform.commune.clerk);
    await page.locator('.timeline').getByText('Gửi nhầm nơi nhận').waitFor();
  });

  test('what one person has typed is never sent for another one who signs in', async () => {
    const { deliveryId } = await issue('V/v người khác đăng nhập');
    const page = await open(platform.commune.clerk, `/van-ban-den/${deliveryId}`);
    await page.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    const form = page.getByRole('dialog', { name: 'Từ chối, trả lại' });
    await form.getByLabel('Lý do').fill('Của người trước');
    await page.context().clearCookies();
    await form.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    const [window] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Đăng nhập lại' }).click(),
    ]);
    await choose(window, platform.commune.head);
    await page.waitForURL(`${platform.web.url}/lam-viec/van-ban-den`);
    const { history } = await platform.commune.clerk.client.routing.getDelivery({ deliveryId });
    expect(history).toEqual([]);
  });

  test('while the server is away the page says so and keeps what it shows, then goes on alone', async () => {
    await issue('V/v mất kết nối');
    const page = await open(platform.commune.clerk, '/van-ban-den');
    await page.getByText('V/v mất kết nối').first().waitFor();
    await page.route('**/api/**', (route) => route.abort());
    await page.getByRole('link', { name: /Đã tiếp nhận/ }).click();
    await page.getByText('Mất kết nối với máy chủ').waitFor();
    await page.unroute('**/api/**');
    await expect.poll(() => page.getByText('Mất kết nối với máy chủ').count(), WAIT).toBe(0);
    await page.getByText('Không có văn bản nào.').waitFor();
  });

  test('a page comes with what its first screen reads, and nothing in it is run', async () => {
    await issue(`V/v đến cùng trang </script>${HOSTILE}`);
    const page = await open(platform.commune.clerk, '/van-ban-den');
    await page.route('**/api/lienthong.**', (route) => route.abort());
    await page.reload();
    await page.getByRole('link', { name: 'V/v đến cùng trang </script>' }).waitFor();
    await page.getByText(platform.commune.clerk.fullName).waitFor();
    expect(await page.getByRole('link', { name: /Mới đến/ }).locator('.amount').textContent()).toMatch(/^\d+$/);
  });

  test('what arrives before the line of a page is open is not missed', async () => {
    const page = await open(platform.commune.clerk, '/van-ban-den');
    const { promise: issued, resolve: openLine } = Promise.withResolvers<void>();
    await page.route('**/api/live', (route) => issued.then(() => route.continue()));
    await page.reload();
    await page.locator('.item-title').first().waitFor();
    await issue('V/v trước khi có đường dây');
    openLine();
    await page.getByText('V/v trước khi có đường dây').waitFor();
  });

  test('an address with words that name nothing shows its screen', async () => {
    const page = await open(platform.commune.clerk, '/viec?muc=toString');
    await page.getByRole('heading', { name: 'Việc của tôi' }).waitFor();
    for (const [path, title] of [
      ['so-lieu?theo=constructor', 'Số liệu giải quyết hồ sơ'],
      ['van-ban-den?muc=valueOf', 'Văn bản đến'],
    ]) {
      await page.goto(`${platform.web.url}/lam-viec/${path}`);
      await page.getByRole('heading', { name: title as string }).waitFor();
    }
  });

  test('the first load has at most 200 KiB', async () => {
    const page = await open(platform.commune.clerk, '/van-ban-den');
    await page.getByRole('heading', { name: 'Văn bản đến' }).waitFor();
    const context = await browser.newContext({ storageState: await page.context().storageState() });
    contexts.push(context);
    const first = await context.newPage();
    const sizes = new Map<string, number>();
    first.on('response', (response) => {
      const path = new URL(response.url()).pathname;
      if (path.startsWith('/lam-viec')) sizes.set(path, Number(response.headers()['content-length']));
    });
    await first.goto(page.url());
    await first.getByRole('heading', { name: 'Văn bản đến' }).waitFor();
    await first.evaluate('document.fonts.ready.then(() => undefined)');
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(sizes.size).toBeGreaterThan(4);
    expect(bytes, JSON.stringify([...sizes])).toBeLessThanOrEqual(200 * 1024);
  });

  test('the bridge serves the methods of the pages alone, to a session, for pages of its own', async () => {
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
    expect(await post(INBOX, { ...own, origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await post('operations.v1.OperationsService/GetStatus', own)).toMatchObject({ status: 404 });
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
});
