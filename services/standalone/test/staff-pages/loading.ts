import { expect, test } from 'vitest';
import { HOSTILE, type StaffBrowser } from './browser.ts';

/** How a page begins. */
export function testLoading(pages: () => StaffBrowser): void {
  test('a page comes with what its first screen reads, and nothing in it is run', async () => {
    const { platform, open, issue } = pages();
    await issue(`V/v đến cùng trang </script>${HOSTILE}`);
    const page = await open(platform.commune.clerk, '/van-ban-den');
    await page.route('**/api/lienthong.**', (route) => route.abort());
    await page.reload();
    await page.getByRole('link', { name: 'V/v đến cùng trang </script>' }).waitFor();
    await page.getByText(platform.commune.clerk.fullName).waitFor();
    expect(
      await page
        .getByRole('link', { name: /Mới đến/ })
        .locator('.amount')
        .textContent(),
    ).toMatch(/^\d+$/);
  });

  test('what arrives before the line of a page is open is not missed', async () => {
    const { platform, open, issue } = pages();
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
    const { platform, open } = pages();
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
    const { platform, open, newContext } = pages();
    const page = await open(platform.commune.clerk, '/van-ban-den');
    await page.getByRole('heading', { name: 'Văn bản đến' }).waitFor();
    const context = await newContext({ storageState: await page.context().storageState() });
    const first = await context.newPage();
    const loaded: Promise<readonly [path: string, bytes: number]>[] = [];
    first.on('requestfinished', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/lam-viec'))
        loaded.push(request.sizes().then(({ responseBodySize }) => [pathname, responseBodySize]));
    });
    await first.goto(page.url());
    await first.getByRole('heading', { name: 'Văn bản đến' }).waitFor();
    await first.evaluate('document.fonts.ready.then(() => undefined)');
    const sizes = await Promise.all(loaded);
    const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
    expect(sizes.length).toBeGreaterThan(4);
    expect(bytes, JSON.stringify(sizes)).toBeGreaterThan(100 * 1024);
    expect(bytes, JSON.stringify(sizes)).toBeLessThanOrEqual(200 * 1024);
  });
}
