import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Person } from '../support/pages.ts';
import { type StaffBrowser, WAIT } from './browser.ts';

/** Work while the line is down. */
export function testOffline(pages: () => StaffBrowser): void {
  const statusesOf = async (deliveryId: string) => {
    const { history } = await pages().platform.commune.clerk.client.routing.getDelivery({ deliveryId });
    return history.map(({ status }) => status);
  };

  test('without a line the application opens, shows what it had, and keeps what is done; a closed browser loses nothing', async () => {
    const { platform, open, issue, inspect } = pages();
    const { deliveryId } = await issue('V/v mất đường truyền');
    const path = `/van-ban-den/${deliveryId}`;
    let page = await open(platform.commune.clerk, path);
    await page.getByRole('button', { name: 'Tiếp nhận, đăng ký' }).waitFor();
    await ready(page);
    const context = page.context();
    await context.setOffline(true);
    await page.reload();
    await page.getByRole('heading', { name: 'V/v mất đường truyền' }).waitFor();
    await page.getByText('Mất kết nối với máy chủ').waitFor();
    await page.getByRole('button', { name: 'Tiếp nhận, đăng ký' }).click();
    await page.getByText('2 việc chờ gửi').waitFor();
    await page.getByText(/Đã làm, chờ gửi/).waitFor();
    await inspect(page);
    await page.getByRole('button', { name: 'Đang xử lý' }).click();
    await page.getByText('3 việc chờ gửi').waitFor();
    // A document that is written meanwhile stays too.
    await page.goto(`${platform.web.url}/lam-viec/soan`);
    await page.getByLabel('Trích yếu').fill('V/v soạn khi mất đường truyền');
    await page.reload();
    await expect
      .poll(() => page.getByLabel('Trích yếu').inputValue(), WAIT)
      .toBe('V/v soạn khi mất đường truyền');
    await page.close();
    expect(await statusesOf(deliveryId)).toEqual([]);

    page = await context.newPage();
    await page.goto(`${platform.web.url}/lam-viec/cho-gui`);
    await expect.poll(() => page.locator('.item').count(), WAIT).toBe(3);
    await inspect(page);
    // Two windows, and a line that comes back: everything goes out once, in its order.
    const second = await context.newPage();
    await second.goto(`${platform.web.url}/lam-viec${path}`);
    await second.getByText('3 việc chờ gửi').waitFor();
    await context.setOffline(false);
    await page.getByText('Không còn việc nào chờ gửi.').waitFor();
    await expect.poll(() => second.getByText(/việc chờ gửi/).count(), WAIT).toBe(0);
    expect(await statusesOf(deliveryId)).toEqual([1, 3, 5]);
  });

  test('a reply that is lost on a slow line doubles nothing, and one refused command stops no others', async () => {
    const { platform, open, issue, inspect } = pages();
    const [first, other] = [await issue('V/v xung đột'), await issue('V/v không liên quan')];
    const page = await open(platform.commune.clerk, `/van-ban-den/${first.deliveryId}`);
    await page.getByRole('button', { name: 'Từ chối, trả lại' }).waitFor();
    const drop = (route: Route) => route.abort();
    await page.route('**/ReportStatus', drop);
    await page.getByRole('button', { name: 'Tiếp nhận, đăng ký' }).click();
    await page.getByText('2 việc chờ gửi').waitFor();
    await page.getByRole('button', { name: 'Phân công' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('button', { name: 'Phân công' }).click();
    await form.getByText('Cần điền ô này.').waitFor();
    await form.getByLabel('Người xử lý').selectOption({ index: 1 });
    await form.getByLabel('Ý kiến chỉ đạo').fill('Báo cáo trước thứ sáu');
    await form.getByRole('button', { name: 'Phân công' }).click();
    await page.getByText('3 việc chờ gửi').waitFor();
    // Meanwhile a colleague sends the document back.
    const { routing } = platform.commune.head.client;
    await routing.reportStatus({ deliveryId: first.deliveryId, status: 1 });
    await routing.reportStatus({ deliveryId: first.deliveryId, status: 2, reason: 'Gửi nhầm' });
    await page.goto(`${platform.web.url}/lam-viec/van-ban-den/${other.deliveryId}`);
    await page.getByRole('button', { name: 'Tiếp nhận, đăng ký' }).click();
    await page.getByText('5 việc chờ gửi').waitFor();
    // One command is too many for the moment, one reply does not come, one breaks off in its middle.
    const fates = ['limited', 'lost', 'cut'];
    await page.route('**/ReportStatus', async (route) => {
      const fate = route.request().postData()?.includes(other.deliveryId) ? fates.shift() : undefined;
      if (fate === 'limited') return route.fulfill({ status: 429, json: { reason: 'RATE_LIMITED' } });
      const response = await route.fetch();
      if (fate === 'lost') return route.abort();
      return route.fulfill({ response, ...(fate === 'cut' && { body: '{"deli' }) });
    });
    await page.unroute('**/ReportStatus', drop);
    await expect.poll(() => statusesOf(other.deliveryId), WAIT).toEqual([1, 3]);
    await page.getByText(/việc bị từ chối/).waitFor();
    await page.getByRole('link', { name: /việc chờ gửi/ }).click();
    await page.getByText('Hãy mở để xem tình trạng hiện tại').first().waitFor();
    await page.getByText('Báo cáo trước thứ sáu').waitFor();
    await inspect(page);
    const none = page.getByText('Không còn việc nào chờ gửi.');
    const giveUp = page.locator('.item').getByRole('button', { name: 'Bỏ việc này' }).first();
    for (;;) {
      await none.or(giveUp).waitFor();
      if (await none.isVisible()) break;
      await giveUp.click();
      await page.getByRole('dialog').getByRole('button', { name: 'Bỏ việc này' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    expect(fates).toEqual([]);
    expect(await statusesOf(first.deliveryId)).toEqual([1, 2]);
    expect(await statusesOf(other.deliveryId)).toEqual([1, 3]);
  });

  test('what one person leaves waits for that person: another one neither sees nor sends it', async () => {
    const { platform, open, choose, issue, inspect } = pages();
    const { deliveryId } = await issue('V/v của người trước');
    const { url } = platform.web;
    const page = await open(platform.commune.clerk, `/van-ban-den/${deliveryId}`);
    await page.getByRole('button', { name: 'Tiếp nhận, đăng ký' }).waitFor();
    await ready(page);
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Tiếp nhận, đăng ký' }).click();
    await page.getByText('2 việc chờ gửi').waitFor();
    const second = await page.context().newPage();
    await second.goto(`${url}/lam-viec/cho-gui`);
    await second.getByText('2 việc chờ gửi').waitFor();
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByRole('dialog', { name: 'Còn 2 việc chờ gửi' }).waitFor();
    await inspect(page);
    await page.getByRole('button', { name: 'Vẫn đăng xuất' }).click();
    // The line is down: the session goes on at the console, and no window shows anything of the person.
    for (const one of [page, second]) await one.getByRole('heading', { name: 'Đang đăng xuất' }).waitFor();
    await inspect(page);
    await page.reload();
    await page.getByRole('heading', { name: 'Đang đăng xuất' }).waitFor();
    expect(await page.evaluate(READ_SHOWN)).toBe('');
    await page.context().setOffline(false);
    for (const one of [page, second]) await one.waitForURL(`${url}/`);
    await second.close();

    const signIn = async (person: Person) => {
      await page.goto(`${url}/lam-viec/cho-gui`);
      await choose(page, person);
      await page.getByText(person.fullName).waitFor();
    };
    await signIn(platform.commune.head);
    await page.getByText('Không còn việc nào chờ gửi.').waitFor();
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.waitForURL(`${url}/`);
    expect(await statusesOf(deliveryId)).toEqual([]);
    await signIn(platform.commune.clerk);
    await expect.poll(() => statusesOf(deliveryId), WAIT).toEqual([1, 3]);

    // Signed out on the page for everybody, which runs no script.
    await page.goto(`${url}/lam-viec/van-ban-den`);
    await ready(page);
    await page.goto(`${url}/`);
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByRole('button', { name: 'Đăng xuất' }).waitFor({ state: 'detached' });
    await page.context().setOffline(true);
    await page.goto(`${url}/lam-viec/van-ban-den`);
    await page.getByText('Mất kết nối với máy chủ').waitFor();
    expect(await page.getByText(platform.commune.clerk.fullName).count()).toBe(0);
    await expect.poll(() => page.evaluate(READ_SHOWN), WAIT).toBe('');
  });

  test('commands given under a session that has ended go out once the same person is back', async () => {
    const { platform, open, choose, issue } = pages();
    const { deliveryId } = await issue('V/v phiên hết khi mất mạng');
    const page = await open(platform.commune.clerk, `/van-ban-den/${deliveryId}`);
    const context = page.context();
    const press = page.getByRole('button', { name: 'Tiếp nhận, đăng ký' });
    await press.waitFor();
    await context.setOffline(true);
    await press.click();
    await page.getByText('2 việc chờ gửi').waitFor();
    await context.clearCookies();
    await context.setOffline(false);
    const again = page.getByRole('dialog', { name: 'Phiên làm việc đã hết' });
    const [window] = await Promise.all([
      context.waitForEvent('page'),
      again.getByRole('link', { name: 'Đăng nhập lại' }).click(),
    ]);
    await choose(window, platform.commune.clerk);
    await expect.poll(() => statusesOf(deliveryId), WAIT).toEqual([1, 3]);
    await expect.poll(() => page.getByText(/việc chờ gửi/).count(), WAIT).toBe(0);
  });

  test('the worker keeps the application and nothing of anybody; what was shown is sealed, and goes with the person', async () => {
    const { platform, open, issue } = pages();
    await issue('V/v bí mật của máy');
    const page = await open(platform.commune.clerk, '/van-ban-den');
    await page.getByText('V/v bí mật của máy').first().waitFor();
    await ready(page);
    expect(await page.evaluate(READ_SHOWN)).not.toContain('bí mật của máy');
    const cached = (await page.evaluate(READ_CACHES)) as { path: string; text: string }[];
    expect(cached.map(({ path }) => path)).toContain('/lam-viec/khung');
    for (const { path, text } of cached) {
      expect(path).toMatch(/^\/lam-viec\/(khung$|assets\/)/);
      for (const own of ['bí mật của máy', platform.commune.clerk.fullName]) expect(text).not.toContain(own);
    }
    // The version before stays for windows that are open; older ones go.
    await page.evaluate(OLDER_CACHES);
    await page.reload();
    await expect
      .poll(() => page.evaluate('caches.keys().then((names) => names.slice(1))'), WAIT)
      .toEqual(['lienthong-shell-before']);
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.waitForURL(`${platform.web.url}/`);
    expect(await page.evaluate(READ_SHOWN)).toBe('');
  });
}

/** Longer than the page waits before it writes. */
const SETTLED_MS = 3_000;

/** The worker holds the shell, and what the screen shows is written down. */
async function ready(page: Page): Promise<void> {
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  let before = '';
  await expect
    .poll(
      async () => {
        const kept = String(await page.evaluate(READ_SHOWN));
        const isSettled = kept !== '' && kept === before;
        before = kept;
        return isSettled;
      },
      { ...WAIT, interval: SETTLED_MS },
    )
    .toBe(true);
}

/** What the browser keeps of a person's screens, as text. */
const READ_SHOWN = `new Promise((resolve, reject) => {
  const request = indexedDB.open('lienthong', 1);
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const row = request.result.transaction('person').objectStore('person').get('here');
    row.onsuccess = () => {
      request.result.close();
      resolve(row.result?.shown === undefined ? '' : new TextDecoder().decode(row.result.shown.bytes));
    };
  };
})`;

const READ_CACHES = `(async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const text = await (await cache.match(request)).text();
      kept.push({ path: new URL(request.url).pathname, text });
    }
  }
  return kept;
})()`;

/** As if two versions had been here before; the worker is installed again. */
const OLDER_CACHES = `(async () => {
  for (const name of ['oldest', 'before']) await caches.open('lienthong-shell-' + name);
  const registration = await navigator.serviceWorker.ready;
  await registration.unregister();
})()`;
