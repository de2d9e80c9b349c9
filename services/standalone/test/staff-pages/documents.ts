import { readFileSync } from 'node:fs';
import { SteeringType, Urgency } from '@lienthong/contracts/routing';
import { vietnamDate } from '@lienthong/kit';
import { expect, test } from 'vitest';
import { HOSTILE, PDF, type StaffBrowser, WAIT } from './browser.ts';

/** Documents that come in and go out. */
export function testDocuments(pages: () => StaffBrowser): void {
  test('documents arrive while one looks, urgent ones first; a text that looks like a page stays a text', async () => {
    const { platform, open, issue, inspect } = pages();
    const page = await open(platform.commune.clerk, '/van-ban-den');
    await issue(`V/v công khai thủ tục ${HOSTILE}`);
    await issue('V/v ứng phó mưa lũ', { urgency: Urgency.FLASH, type: 'CĐ' });
    await issue('V/v phòng cháy', { urgency: Urgency.VERY_URGENT });
    await issue('V/v trực lễ', { urgency: Urgency.URGENT });
    await issue('V/v họp giao ban');
    await expect
      .poll(() => page.locator('.item-title').allTextContents(), WAIT)
      .toEqual([
        'V/v ứng phó mưa lũ',
        'V/v phòng cháy',
        'V/v trực lễ',
        'V/v họp giao ban',
        `V/v công khai thủ tục ${HOSTILE}`,
      ]);
    await page.locator('.item', { hasText: 'V/v trực lễ' }).getByText('Mới đến').waitFor();
    await expect
      .poll(
        () =>
          page
            .getByRole('link', { name: /Mới đến/ })
            .locator('.amount')
            .textContent(),
        WAIT,
      )
      .toBe('5');
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
    const { platform, open, issue, inspect } = pages();
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
    const { platform, open, inspect } = pages();
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
    const { platform, open, issue, inspect } = pages();
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
    expect(await giver.getByLabel('Trích yếu').inputValue()).toMatch(
      /^V\/v nhắc trả lời văn bản số \d+\/KH-UBND$/,
    );
    await giver.getByRole('button', { name: 'Sở Tư pháp' }).first().waitFor();
  });

  test('a document is passed on with its files, and replaced at those who have it', async () => {
    const { platform, open, issue, inspect } = pages();
    const { documentId, deliveryId } = await issue('V/v tuyển quân');
    const page = await open(platform.commune.clerk, `/van-ban-den/${deliveryId}`);
    await page.getByRole('link', { name: 'Chuyển tiếp' }).click();
    await page.getByText('Đã tải lên').waitFor();
    const subject = await page.getByLabel('Trích yếu').inputValue();
    expect(subject).toMatch(/^V\/v chuyển văn bản số \d+\/UBND-VP: V\/v tuyển quân$/);
    await page.getByLabel('Ký hiệu').fill('UBND-PC');
    await page.getByLabel('Họ tên người ký').fill('Trần Văn Mẫu');
    await page.getByLabel('Tìm cơ quan theo tên').fill('so tu phap');
    await page.locator('.found').first().click();
    const check = page.getByRole('button', { name: 'Kiểm tra trước khi ban hành' });
    const dialog = page.getByRole('dialog');
    await check.click();
    await dialog.getByRole('button', { name: 'Ban hành' }).click();
    await page.getByRole('heading', { name: subject }).waitFor();
    await page.getByText(`ke-hoach ${HOSTILE}.pdf`).first().waitFor();

    const issuer = await open(platform.province.clerk, `/van-ban-di/${documentId}`);
    await issuer.getByRole('link', { name: 'Thay thế' }).click();
    await issuer.getByText(/Thay thế văn bản số .*: V\/v tuyển quân/).waitFor();
    await issuer.getByText('Nơi nhận (1)').waitFor();
    await inspect(issuer);
    const issueIt = issuer.getByRole('button', { name: 'Kiểm tra trước khi ban hành' });
    const checked = issuer.getByRole('dialog');
    await issueIt.click();
    await checked.getByText('Còn thiếu: Lý do thay thế').waitFor();
    await checked.getByRole('button', { name: 'Soạn tiếp' }).click();
    await issuer.getByLabel('Lý do thay thế').fill('Sai ngày');
    await issuer.getByLabel('Trích yếu').fill('V/v tuyển quân đợt hai');
    await issueIt.click();
    await checked.getByRole('button', { name: 'Ban hành' }).click();
    await issuer.getByRole('heading', { name: 'V/v tuyển quân đợt hai' }).waitFor();
    await issuer.getByText('Sai ngày').waitFor();
    const { items } = await platform.commune.clerk.client.routing.listInbox({
      filter: { text: 'tuyển quân' },
    });
    expect(items.map(({ document }) => document?.subject)).toEqual(['V/v tuyển quân đợt hai']);
  });

  test('a document whose reply is lost, and whose page is then loaded again, is issued once', async () => {
    const { platform, open } = pages();
    const page = await open(platform.province.clerk, '/soan');
    await page.getByLabel('Ký hiệu').fill('UBND-MOT');
    await page.getByLabel('Trích yếu').fill('V/v chỉ một lần');
    await page.getByLabel('Họ tên người ký').fill('Nguyễn Văn Mẫu');
    await page.getByLabel('Tìm cơ quan theo tên').fill('long chau');
    await page.locator('.found').filter({ hasText: platform.commune.name }).click();
    const issueIt = async () => {
      await page.getByRole('button', { name: 'Kiểm tra trước khi ban hành' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Ban hành' }).click();
    };
    await page.route('**/IssueDocument', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await issueIt();
    await page.getByText('Máy chủ chưa trả lời.', { exact: false }).waitFor();
    await page.unroute('**/IssueDocument');
    await page.reload();
    await page.getByText('Nơi nhận (1)').waitFor();
    await issueIt();
    await page.getByRole('heading', { name: 'V/v chỉ một lần' }).waitFor();
    const { items } = await platform.province.clerk.client.routing.listOutbox({
      filter: { text: 'V/v chỉ một lần' },
    });
    expect(items.length).toBe(1);
  });

  test('what was typed of a document outlives a reload, and is nobody else’s', async () => {
    const { platform, open, choose } = pages();
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
}
