import { expect, test } from 'vitest';
import type { Person } from '../support/pages.ts';
import { type StaffBrowser, WAIT } from './browser.ts';

/** Sessions that end, and a server that is away. */
export function testSessions(pages: () => StaffBrowser): void {
  test('a session that ends in the middle of a form loses nothing that was typed', async () => {
    const { platform, open, choose, issue } = pages();
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
    const { platform, open, choose, issue } = pages();
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

  test('what is sent before a window learns of another session goes out for its own person alone', async () => {
    const { platform, open, issue } = pages();
    const { head, clerk } = platform.commune;
    const { deliveryId } = await issue('V/v đổi người giữa chừng');
    const page = await open(clerk, `/van-ban-den/${deliveryId}`);
    await page.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    const form = page.getByRole('dialog', { name: 'Từ chối, trả lại' });
    await form.getByLabel('Lý do').fill('Của người trước');
    // The browser has the session of another person, and nobody has told the window.
    const cookiesOf = async (person: Person) =>
      (await open(person, '/co-quan')).context().cookies(platform.web.url);
    const [another, next] = [await cookiesOf(head), await cookiesOf(clerk)];
    await page.context().addCookies(another);
    await form.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    await page.waitForURL(`${platform.web.url}/lam-viec/van-ban-den`);
    await page.getByText(head.fullName).waitFor();
    const { routing } = clerk.client;
    expect((await routing.getDelivery({ deliveryId })).history).toEqual([]);
    // The next session of the same person: the page goes on by itself.
    await page.goto(`${platform.web.url}/lam-viec/van-ban-den/${deliveryId}`);
    await page.context().addCookies(next);
    await page.reload();
    await page.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    await form.getByLabel('Lý do').fill('Gửi nhầm');
    await page.context().addCookies(await cookiesOf(clerk));
    await form.getByRole('button', { name: 'Từ chối, trả lại' }).click();
    await page.locator('.timeline').getByText('Gửi nhầm').waitFor();
  });

  test('while the server is away the page says so and keeps what it shows, then goes on alone', async () => {
    const { platform, open, issue } = pages();
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
}
