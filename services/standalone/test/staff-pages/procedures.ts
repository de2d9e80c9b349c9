import { vietnamDate } from '@lienthong/kit';
import { sampleFiles } from '@lienthong/procedure-registry/samples';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { choose } from '../support/browsing.ts';
import { HOSTILE, type StaffBrowser, WAIT } from './browser.ts';

const EDITOR = { about: 'Vận hành và kiểm toán' };
const CODE = '1.009877';
interface Selected {
  value: string;
  selectionStart: number;
  selectionEnd: number;
}
const inDays = (days: number) => vietnamDate(new Date(Date.now() + days * 86_400_000));

/** The register of procedures, and how it is written. */
export function testProcedures(pages: () => StaffBrowser): void {
  test('everybody reads the register: a procedure with its versions and workflow; only its editors write', async () => {
    const { platform, open, inspect } = pages();
    const page = await open(platform.commune.clerk, '/thu-tuc');
    await page.locator('.item').first().waitFor();
    expect(await page.getByRole('link', { name: 'Soạn thủ tục mới' }).count()).toBe(0);
    await page.getByLabel('Tìm').first().fill('chung thuc ban sao');
    await page.getByRole('button', { name: 'Tìm' }).click();
    await page.locator('.item-title', { hasText: 'Chứng thực bản sao' }).click();
    await page.getByText('Đối chiếu bản sao với bản chính').waitFor();
    await page.getByRole('link', { name: 'Phiên bản 1' }).waitFor();
    expect(await page.getByRole('button', { name: 'Bãi bỏ' }).count()).toBe(0);
    await inspect(page);
    await page.goto(`${platform.web.url}/lam-viec/soan-thu-tuc`);
    await page.getByText('Chỉ người quản trị mới soạn được thủ tục.').waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
  });

  test('a procedure is written with its problems at their lines, saved, simulated, published, amended and repealed', async () => {
    const { platform, open, inspect } = pages();
    const sample = sampleFiles().get('chung-thuc-ban-sao.yaml') ?? '';
    const text = sample.replace('2.000815', CODE).replace(/^name: .*$/m, `name: "Thử ${HOSTILE}"`);
    const wrong = text.replace('performer: intake', 'performer: village');
    const line = wrong.split('\n').findIndex((one) => one.includes('performer: village')) + 1;
    const page = await open(EDITOR, '/soan-thu-tuc');
    const area = page.getByLabel('Nội dung thủ tục (YAML)');
    const status = (words: string) => page.getByText(words, { exact: true }).waitFor();
    await area.fill(wrong);
    await page.getByRole('button', { name: `Lỗi Dòng ${line}` }).click();
    const chosen = await area.evaluate((one) => {
      const { value, selectionStart, selectionEnd } = one as unknown as Selected;
      return value.slice(selectionStart, selectionEnd);
    });
    expect(chosen).toContain('performer: village');
    await inspect(page);
    await page.reload();
    await status('Còn 1 lỗi.');
    expect(await area.inputValue()).toBe(wrong);

    await area.fill(text);
    await status('Không có lỗi. Chưa lưu.');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
    const [window] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Đăng nhập lại' }).click(),
    ]);
    await choose(window, EDITOR);
    await page.waitForURL(`**/soan-thu-tuc?ma=${CODE}`);
    await status('Không có lỗi. Đã lưu.');
    expect(await area.inputValue()).toBe(text);

    await writeElsewhere(pages());
    await area.fill(`${text}# của tôi\n`);
    await status('Không có lỗi. Chưa lưu.');
    await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
    await page.getByRole('heading', { name: 'Bản nháp đã được lưu từ nơi khác sau khi bạn mở.' }).waitFor();
    await page.getByText('Của người khác').waitFor();
    expect(await area.inputValue()).toContain('# của tôi');
    await inspect(page);
    await page.getByRole('button', { name: 'Giữ bản của tôi' }).click();
    await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
    await status('Không có lỗi. Đã lưu.');

    await page.getByRole('button', { name: 'Mô phỏng' }).click();
    await page.getByText('Cần điền ô này.').waitFor();
    await page.getByLabel('Tìm cơ quan theo tên').fill('long chau');
    await page.locator('.found').filter({ hasText: platform.commune.name }).click();
    await page.getByRole('button', { name: 'Mô phỏng' }).click();
    await page.getByText('đường găng').first().waitFor();
    await page.getByRole('region', { name: 'Khối lượng việc mỗi năm' }).waitFor();
    await inspect(page);

    await publish(page, '11/QĐ-UBND', inDays(0));
    await page.getByRole('heading', { name: `Thử ${HOSTILE}` }).waitFor();
    await page.getByText('Đã công bố', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'Soạn phiên bản sau' }).click();
    await status('Không có lỗi. Chưa lưu.');
    await area.fill((await area.inputValue()).replace(/^field: .*$/m, 'field: Lĩnh vực khác'));
    await status('Không có lỗi. Chưa lưu.');
    await page.getByText('So với phiên bản 1').click();
    await page.locator('ins', { hasText: 'Lĩnh vực khác' }).waitFor();
    await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
    await status('Không có lỗi. Đã lưu.');
    await publish(page, '12/QĐ-UBND', inDays(0));
    const form = page.getByRole('dialog');
    await form.getByText('Đang giải quyết theo phiên bản này: không hồ sơ nào').waitFor();
    await form.getByText('Ngày có hiệu lực phải từ hôm nay', { exact: false }).waitFor();
    await inspect(page);
    await form.getByLabel('Có hiệu lực từ').fill(inDays(1));
    await form.getByRole('button', { name: 'Công bố' }).click();
    await page.getByRole('link', { name: 'Phiên bản 2' }).waitFor();
    await page.getByText('Lĩnh vực khác').waitFor();

    await page.getByRole('button', { name: 'Tạm dừng tiếp nhận' }).click();
    await form.getByLabel('Lý do, cho người muốn nộp hồ sơ').fill(`Lỗi ${HOSTILE}`);
    await form.getByRole('button', { name: 'Tạm dừng tiếp nhận' }).click();
    await page.getByText(`Đang tạm dừng tiếp nhận hồ sơ mới: Lỗi ${HOSTILE}`).waitFor();
    await page.getByRole('button', { name: 'Tiếp nhận trở lại' }).click();
    await page.getByRole('button', { name: 'Bãi bỏ' }).click();
    await form.getByLabel('Hết hiệu lực từ').fill(inDays(9));
    await decide(page, '13/QĐ-UBND');
    await form.getByRole('button', { name: 'Bãi bỏ' }).click();
    await page.getByText('Đã bãi bỏ', { exact: true }).waitFor();
    const { versions } = await platform.admin.procedures.listVersions({ code: CODE });
    expect(versions.map(({ effectiveOn, endedOn }) => [effectiveOn, endedOn])).toEqual([
      [inDays(1), inDays(9)],
      [inDays(0), inDays(1)],
    ]);
  });

  test('a draft that somebody discards while another one writes it is not lost there', async () => {
    const { platform, open } = pages();
    const { admin } = platform;
    const sample = sampleFiles().get('chung-thuc-ban-sao.yaml') ?? '';
    const { procedures } = await admin.procedures.importProcedures({
      yaml: sample.replace('2.000815', '1.009878'),
    });
    const page = await open(EDITOR, '/thu-tuc');
    await page.locator('.item', { hasText: '1.009878' }).getByRole('link').click();
    const area = page.getByLabel('Nội dung thủ tục (YAML)');
    await expect.poll(() => area.inputValue(), WAIT).toContain('1.009878');
    await admin.procedures.discardDraft({ procedureId: procedures[0]?.id ?? '' });
    await area.fill(`${await area.inputValue()}# còn đây\n`);
    await page.getByText('Không có lỗi. Chưa lưu.').waitFor();
    await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
    await page.getByRole('alert').first().waitFor();
    expect(await area.inputValue()).toContain('# còn đây');
    await page.getByRole('button', { name: 'Giữ bản của tôi' }).click();
    await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
    await page.getByText('Không có lỗi. Đã lưu.').waitFor();
    await page.getByRole('button', { name: 'Bỏ bản nháp' }).click();
    await page.getByRole('heading', { name: 'Thủ tục', exact: true }).waitFor();
    const { drafts } = await admin.procedures.listDrafts({});
    expect(drafts.filter(({ code }) => code === '1.009878')).toEqual([]);
  });
}

async function writeElsewhere({ platform: { admin } }: StaffBrowser): Promise<void> {
  const { drafts } = await admin.procedures.listDrafts({});
  const procedureId = drafts.find(({ code }) => code === CODE)?.id ?? '';
  const { procedure } = await admin.procedures.getProcedure({ procedureId });
  await admin.procedures.reviseProcedure({
    procedureId,
    definition: { ...procedure?.definition, field: 'Của người khác' },
  });
}

async function decide(page: Page, number: string): Promise<void> {
  const form = page.getByRole('dialog');
  await form.getByLabel('Số quyết định').fill(number);
  await form.getByLabel('Người ký', { exact: true }).fill('Nguyễn Văn Mẫu');
  await form.getByLabel('Chức vụ người ký').fill('Chủ tịch');
}

async function publish(page: Page, number: string, day: string): Promise<void> {
  await page.getByRole('button', { name: 'Công bố' }).click();
  await page.getByLabel('Có hiệu lực từ').fill(day);
  await decide(page, number);
  await page.getByRole('dialog').getByRole('button', { name: 'Công bố' }).click();
}
