import { Channel } from '@lienthong/contracts/registry';
import { vietnamDate } from '@lienthong/kit';
import { sampleFiles } from '@lienthong/procedure-registry/samples';
import { settled } from '@lienthong/sample-data';
import { expect, test } from 'vitest';
import { HOSTILE, type StaffBrowser } from './browser.ts';

const CODE = '9.004222';
/** A third step that may be sent back to both before it. */
const THIRD_STEP = `    - key: phat-hanh
      step:
        name: Đóng dấu, phát hành thông báo
        performer: intake
        time_limit: {days: 1}
        outcomes:
          - key: da-phat-hanh
            name: Đã phát hành
        returns:
          - to: tham-dinh
            at_most: 1
          - to: cap-nhat
            at_most: 1
`;

/** Work on dossiers: other agencies' opinions, ways back, and many tasks at once. */
export function testWork(pages: () => StaffBrowser): void {
  test('an officer consults another agency, reads its opinion, and sends a step back to the one that is chosen', async () => {
    const { platform, open, inspect } = pages();
    const { clerk } = platform.commune;
    await publish(pages());
    const { dossierId } = await clerk.client.casework.lodgeDossier({
      procedureCode: CODE,
      channel: Channel.IN_PERSON,
      applicant: { fullName: 'Trần Thị Mẫu' },
      data: { address: 'Ấp 1', joins_household: 'true' },
      papers: ['to-khai', 'dong-y-cua-chu-ho'].map((key) => ({ key, originals: 1 })),
      accept: true,
    });
    const complete = async (more: { outcome?: string; results?: { key: string; number: string }[] }) => {
      const { dossier } = await clerk.client.casework.getDossier({ dossierId });
      const taskNumber = dossier?.tasks.at(-1)?.number ?? 0;
      await clerk.client.casework.completeTask({ dossierId, taskNumber, ...more });
    };
    await complete({ outcome: 'hop-le' });
    await complete({ results: [{ key: 'thong-bao', number: '01/TB' }] });

    const page = await open(clerk, `/ho-so/${dossierId}`);
    const form = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Nhận việc' }).click();
    await page.getByRole('button', { name: 'Lấy ý kiến' }).click();
    await form.getByRole('button', { name: 'Lấy ý kiến' }).click();
    await form.getByText('Cần điền ô này.').first().waitFor();
    await form.getByLabel('Tìm cơ quan theo tên').fill('so tu phap');
    await form.locator('.found').first().click();
    await form.getByRole('button', { name: /Sở Tư pháp.*Bỏ/ }).click();
    await form.getByLabel('Tìm cơ quan theo tên').fill(platform.province.name);
    await form.locator('.found').filter({ hasText: platform.province.name }).first().click();
    await form.getByLabel('Nội dung cần lấy ý kiến').fill(`Chỗ ở này có hợp pháp không? ${HOSTILE}`);
    const inThreeDays = vietnamDate(new Date(Date.now() + 3 * 86_400_000));
    await form.getByLabel('Hạn cho ý kiến').fill(`${inThreeDays}T17:00`);
    await inspect(page);
    await form.getByRole('button', { name: 'Lấy ý kiến' }).click();
    await form.waitFor({ state: 'detached' });
    await page.getByText('Chưa trả lời').waitFor();
    await inspect(page);

    const consulted = await open(platform.province.clerk, `/ho-so/${dossierId}`);
    await consulted.getByText(`Chỗ ở này có hợp pháp không? ${HOSTILE}`).first().waitFor();
    await consulted.getByRole('button', { name: 'Nhận việc' }).click();
    await consulted.getByRole('button', { name: 'Cho ý kiến' }).click();
    await consulted.getByLabel('Ý kiến', { exact: true }).fill(`Hợp pháp ${HOSTILE}`);
    await inspect(consulted);
    await consulted.getByRole('dialog').getByRole('button', { name: 'Cho ý kiến' }).click();
    await consulted.getByText('Đã cho ý kiến').waitFor();

    await page.getByText(`Hợp pháp ${HOSTILE}`).waitFor();
    await page.getByRole('button', { name: 'Trả lại bước trước' }).click();
    await form.getByLabel('Lý do').fill('Chưa ký nháy');
    await form.getByRole('button', { name: 'Trả lại bước trước' }).click();
    await form.getByText('Cần điền ô này.').waitFor();
    const earlier = 'Cập nhật Cơ sở dữ liệu về cư trú, ký thông báo';
    await form.getByLabel('Trả lại về bước').selectOption({ label: earlier });
    await inspect(page);
    await form.getByRole('button', { name: 'Trả lại bước trước' }).click();
    await page.getByRole('heading', { name: earlier }).waitFor();
    await page.getByText('Quy trình giải quyết').click();
    await page.locator('.work[aria-current="step"]', { hasText: earlier }).waitFor();
    expect(await page.locator('.work', { hasText: 'đã xong' }).count()).toBe(1);
    await inspect(page);
  });

  test('a head assigns many tasks with one confirmation, and sees which were not assigned and why', async () => {
    const { platform, open, inspect } = pages();
    const { head, clerk } = platform.commune;
    const lodge = async (fullName: string) =>
      await head.client.casework.lodgeDossier({
        procedureCode: '2.000815',
        channel: Channel.IN_PERSON,
        applicant: { fullName },
        data: { pages: '2' },
        papers: [{ key: 'ban-chinh', name: 'Bằng tốt nghiệp', originals: 1 }],
        accept: true,
      });
    const [first, second, third] = await Promise.all(['Một', 'Hai', 'Ba'].map(lodge));
    const page = await open(head, '/viec?muc=chua-giao');
    for (const one of [first, second, third])
      await page.getByRole('checkbox', { name: one?.code ?? '' }).check();
    await inspect(page);
    await page.getByRole('button', { name: 'Giao việc (3)' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('button', { name: 'Giao việc (3)' }).click();
    await form.getByText('Cần điền ô này.').waitFor();
    await inspect(page);
    await form.getByLabel('Người xử lý').selectOption({ label: `${clerk.fullName}, Chuyên viên một cửa` });
    await clerk.client.casework.withdrawDossier({ dossierId: third?.dossierId ?? '', reason: 'Đổi ý' });
    let lost = false;
    await page.route('**/TransitMany', async (route) => {
      await route.fetch();
      lost = true;
      await route.abort();
    });
    await form.getByRole('button', { name: 'Giao việc (3)' }).click();
    await form.getByText('Máy chủ chưa trả lời.', { exact: false }).waitFor();
    expect(lost).toBe(true);
    await page.unroute('**/TransitMany');
    await form.getByRole('button', { name: 'Giao việc (3)' }).click();
    await form.getByText('Đã làm xong 2 trên 3 việc.').waitFor();
    await form.getByText(third?.code ?? '', { exact: false }).waitFor();
    await inspect(page);
    await form.getByRole('button', { name: 'Đóng' }).click();
    const { officerId } = await clerk.client.directory.getCaller({});
    for (const one of [first, second]) {
      const { dossier } = await head.client.casework.getDossier({ dossierId: one?.dossierId ?? '' });
      expect(dossier?.tasks.at(-1)?.assigneeId).toBe(officerId);
      const { entries } = await head.client.casework.getHistory({ dossierId: one?.dossierId ?? '' });
      expect(entries.filter(({ type }) => type.endsWith('TaskAssigned')).length).toBe(1);
    }
  });
}

async function publish({ platform: { admin } }: StaffBrowser): Promise<void> {
  const sample = sampleFiles().get('dang-ky-thuong-tru.yaml') ?? '';
  const yaml = sample.replace('1.004222', CODE).replace('sample: true', `${THIRD_STEP}sample: true`);
  const { procedures } = await admin.procedures.importProcedures({ yaml });
  const procedureId = procedures[0]?.id ?? '';
  const { problems } = await admin.procedures.validateProcedure({ procedureId });
  expect(problems).toEqual([]);
  const today = vietnamDate(new Date());
  await admin.procedures.publishProcedure({
    procedureId,
    effectiveOn: today,
    decision: {
      number: '02/QĐ-UBND',
      decidedOn: today,
      signerName: 'Nguyễn Văn Mẫu',
      signerPosition: 'Chủ tịch',
    },
  });
  await settled(admin);
}
