import { Tier } from '@lienthong/contracts/directory';
import { MessageChannel, Topic } from '@lienthong/contracts/notification';
import { Channel } from '@lienthong/contracts/registry';
import { vietnamDate } from '@lienthong/kit';
import { settled } from '@lienthong/sample-data';
import { expect, test } from 'vitest';
import { HOSTILE, PDF, type StaffBrowser, WAIT } from './browser.ts';

const OPERATOR = { about: 'Vận hành và kiểm toán' };

/** The tree of agencies, their reorganisation, and what people are notified of. */
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

  test('a reorganisation is enacted after a look at what will move, by administrators alone', async () => {
    const { platform, open, inspect } = pages();
    const { admin } = platform;
    const today = vietnamDate(new Date());
    const { agency: province } = await admin.directory.getAgency({ agencyId: platform.province.agencyId });
    const establish = async (code: string, name: string) => {
      const { agency } = await admin.directory.establishAgency({
        part: {
          codes: [{ code }],
          name,
          tier: Tier.COMMUNE,
          parent: { ref: { $case: 'id', value: province?.id ?? '' } },
        },
        effectiveOn: '2026-01-01',
        legalBasis: 'NQ 1',
      });
      return agency?.id ?? '';
    };
    const [west, east] = [
      await establish('H61.9001', `Xã Tây ${HOSTILE}`),
      await establish('H61.9002', 'Xã Đông Thử'),
    ];
    await admin.directory.appointOfficer({
      agencyId: west,
      fullName: 'Trần Thị Chuyển',
      position: 'Chuyên viên',
      roles: ['officer'],
      validFrom: '2026-01-01',
    });
    await settled(admin);
    const { sha256 } = await platform.province.clerk.client.uploadAttachment(PDF);
    await platform.province.clerk.client.routing.issueDocument({
      notation: 'UBND-VP',
      type: 'CV',
      subject: 'V/v sắp xếp',
      signer: { competence: '', position: 'Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
      attachments: [{ sha256, name: 'a.pdf', contentType: 'application/pdf' }],
      recipients: [{ recipient: { $case: 'agencyId', value: west } }],
    });

    const other = await open(platform.commune.clerk, '/sap-xep-co-quan');
    await other.getByText('Chỉ người quản trị mới sắp xếp được cơ quan.').waitFor();

    const page = await open(OPERATOR, '/sap-xep-co-quan');
    await page.getByLabel('Căn cứ').fill('Nghị quyết 9/NQ-HĐND');
    await page.getByRole('button', { name: 'Thêm: Sáp nhập' }).click();
    const choose = async (group: string, text: string) => {
      const field = page.getByRole('group', { name: group });
      await field.getByLabel('Tìm cơ quan theo tên').fill(text);
      await field.locator('.found').first().click();
    };
    await choose('Những cơ quan kết thúc', 'xa tay');
    await choose('Những cơ quan kết thúc', 'xa dong thu');
    await page.getByRole('checkbox', { name: 'Lập cơ quan mới để kế tục' }).check();
    await page.getByLabel('Tên mới').fill('Xã Đông Tây');
    await page.getByLabel('Mã định danh').fill('H61.9001');
    await page.reload();
    expect(await page.getByLabel('Tên mới').inputValue()).toBe('Xã Đông Tây');
    await page.getByLabel('Có hiệu lực từ').fill('2026-01-01');
    await page.getByRole('button', { name: 'Xem trước' }).click();
    const preview = page.getByRole('dialog', { name: 'Xem trước' });
    await preview.getByRole('row', { name: /^Xã Tây <img.* 1 0 0 1 Xã Đông Tây$/ }).waitFor();
    await inspect(page);
    await preview.getByRole('button', { name: 'Ban hành' }).click();
    await page.getByText('Ngày kết thúc phải sau ngày thành lập.', { exact: false }).first().waitFor();
    expect(await page.getByLabel('Tên mới').inputValue()).toBe('Xã Đông Tây');
    await inspect(page);
    await page.getByLabel('Có hiệu lực từ').fill(today);
    await page.getByRole('button', { name: 'Xem trước' }).click();
    await preview.getByRole('button', { name: 'Ban hành' }).click();
    await page.getByText('Đã ban hành: 2 cơ quan kết thúc, 1 cán bộ chuyển chỗ.', { exact: false }).waitFor();
    const { agency } = await admin.directory.getAgency({ agencyId: east });
    expect(agency?.endedOn).toBe(today);
    const { agencies } = await admin.directory.searchAgencies({ query: 'xa dong tay', pageSize: 1 });
    expect(agencies[0]?.identifiers.map(({ code }) => code?.code)).toEqual(['H61.9001']);
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
