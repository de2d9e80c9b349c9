import { readFileSync } from 'node:fs';
import { DossierStatus } from '@lienthong/contracts/casework';
import { Channel } from '@lienthong/contracts/registry';
import { expect, test } from 'vitest';
import { HOSTILE, type StaffBrowser } from './browser.ts';

/** Dossiers from the counter to the result, and their figures. */
export function testDossiers(pages: () => StaffBrowser): void {
  test('an officer takes a dossier, sees its deadline explained, ends its step, and the result is given', async () => {
    const { platform, open, inspect } = pages();
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
    const form = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Bàn giao' }).click();
    await form.getByRole('button', { name: 'Bàn giao' }).click();
    await form.getByText('Cần điền ô này.').waitFor();
    await form.getByRole('button', { name: 'Hủy' }).click();
    await inspect(page);
    for (let step = 0; step < 5; step += 1) {
      await page.getByRole('button', { name: 'Hoàn thành bước' }).click();
      for (const number of await form.getByRole('textbox', { name: /^Số của/ }).all())
        await number.fill('01/CT');
      await form.getByRole('button', { name: 'Hoàn thành bước' }).click();
      await form.waitFor({ state: 'detached' });
      const give = page.getByRole('button', { name: 'Trả kết quả', exact: true });
      const claim = page.getByRole('button', { name: 'Nhận việc' });
      await give.or(claim).first().waitFor();
      if (await give.isVisible()) break;
      await claim.click();
    }
    await page.getByRole('button', { name: 'Trả kết quả', exact: true }).click();
    await page.getByText('Đã trả kết quả', { exact: true }).waitFor();
    const { dossier } = await clerk.client.casework.getDossier({ dossierId });
    expect(dossier?.status).toBe(DossierStatus.RESULT_RETURNED);
  });

  test('a dossier waits for a supplement and a payment, stops, goes on and is withdrawn', async () => {
    const { platform, open, inspect } = pages();
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
    const { platform, open, inspect } = pages();
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
    const { platform, open, inspect } = pages();
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
    const trend = page.getByRole('region', { name: 'Theo thời gian' }).first();
    // Something was received this month.
    await trend
      .getByRole('row', { name: /^\d+\/\d{4} [1-9]/ })
      .first()
      .waitFor();
    await page.getByRole('rowheader').first().waitFor();
    await inspect(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^\ufeffTháng,Đã giải quyết,/);
  });
}
