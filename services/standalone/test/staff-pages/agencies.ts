import { MessageChannel, Topic } from '@lienthong/contracts/notification';
import { Channel } from '@lienthong/contracts/registry';
import { expect, test } from 'vitest';
import { type StaffBrowser, WAIT } from './browser.ts';

/** The tree of agencies, and what people are notified of. */
export function testAgencies(pages: () => StaffBrowser): void {
  test('agencies are found in the tree of a date, with officers, hours and lineage', async () => {
    const { platform, open, inspect } = pages();
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

  test('an officer is notified, opens what it is about, and chooses how to be notified', async () => {
    const { platform, open, inspect } = pages();
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
    await expect.poll(() => page.locator('.item-new', { hasText: code }).count(), WAIT).toBe(0);
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
}
