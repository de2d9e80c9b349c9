import { findChromium, launchChromium } from '@lienthong/testkit/chromium';
import type { Browser, Page } from 'playwright-core';
import type { Agency } from '../agencies.ts';
import { startBenchConsole } from '../console.ts';
import { percentile } from '../load.ts';
import type { Target } from '../target.ts';

/** As communes have it: 400 kbit/s, and 400 ms until the first byte of a reply. */
const SLOW_LINE = {
  offline: false,
  latency: 400,
  downloadThroughput: 400_000 / 8,
  uploadThroughput: 400_000 / 8,
};
const VISITS = 5;
const WAIT_MS = 60_000;
const INBOX = '/lam-viec/van-ban-den';

export interface ConsolePages {
  /** What a browser that knows nothing loads, compressed, without data. */
  firstLoadKib: number;
  /** From the address to the first document of the inbox on a slow line; medians of a browser's first and second visit. */
  coldMs: number;
  warmMs: number;
}

/** The inbox in a real browser; undefined where there is none. */
export async function consolePages(
  target: Target,
  agencies: readonly Agency[],
): Promise<ConsolePages | undefined> {
  const chromium = findChromium();
  if (chromium === undefined) return undefined;
  const console = await startBenchConsole(target, 1_000);
  const browser = await launchChromium(chromium);
  try {
    const cookie = await console.signIn((agencies[0] as Agency).id);
    const visits = [];
    for (let visit = 0; visit < VISITS; visit += 1)
      visits.push(await visitTwice(browser, console.url, cookie));
    return {
      firstLoadKib: (visits[0]?.bytes ?? 0) / 1024,
      coldMs: percentile(
        visits.map(({ coldMs }) => coldMs),
        0.5,
      ),
      warmMs: percentile(
        visits.map(({ warmMs }) => warmMs),
        0.5,
      ),
    };
  } finally {
    await browser.close();
    await console.stop();
  }
}

async function visitTwice(browser: Browser, url: string, cookie: string) {
  const context = await browser.newContext({ locale: 'vi-VN' });
  const at = cookie.indexOf('=');
  await context.addCookies([{ name: cookie.slice(0, at), value: cookie.slice(at + 1), url }]);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', SLOW_LINE);
  const loads: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (new URL(request.url()).pathname.startsWith('/lam-viec'))
      loads.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  const coldMs = await openInbox(page, url);
  await page.waitForLoadState();
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  const bytes = (await Promise.all(loads)).reduce((sum, size) => sum + size, 0);
  const warmMs = await openInbox(page, url);
  await context.close();
  return { bytes, coldMs, warmMs };
}

async function openInbox(page: Page, url: string): Promise<number> {
  const start = performance.now();
  await page.goto(`${url}${INBOX}`, { waitUntil: 'commit', timeout: WAIT_MS });
  await page.locator('.item-title').first().waitFor({ timeout: WAIT_MS });
  return performance.now() - start;
}
