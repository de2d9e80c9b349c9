import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchChromium } from '@lienthong/testkit/chromium';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Far more than anything takes: a loaded machine is no failure. */
export const WAIT = { timeout: 50_000 };

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [360, 768, 1280];

export interface Browsing {
  /** A browser of its own in which the person has signed in, at a path of the pages. */
  open(person: { about: string }, path: string): Promise<Page>;
  newContext(options: BrowserContextOptions): Promise<BrowserContext>;
  /**
   * Closes what a test has opened. Resolves to what the browsers complained about: blocked by the policy of the pages,
   * thrown, or run by a text that is shown.
   */
  closePages(): Promise<string[]>;
  close(): Promise<void>;
}

/** The pages of staff at an address, in a real browser. */
export async function browse(executablePath: string, url: string): Promise<Browsing> {
  const browser = await launchChromium(executablePath);
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];

  async function newContext(options: BrowserContextOptions): Promise<BrowserContext> {
    const context = await browser.newContext(options);
    contexts.push(context);
    context.setDefaultTimeout(WAIT.timeout);
    return context;
  }

  return {
    newContext,
    async open(person, path) {
      const context = await newContext({ locale: 'vi-VN', acceptDownloads: true });
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('dialog', (dialog) => complaints.push(`a text was run: ${dialog.message()}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          complaints.push(message.text());
      });
      await page.goto(`${url}/lam-viec${path}`);
      await choose(page, person);
      await page.waitForURL(`${url}/lam-viec${path}`);
      return page;
    },
    async closePages() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      return complaints.splice(0);
    },
    close: () => browser.close(),
  };
}

/** Signs a person in at the development issuer. */
export const choose = (page: Page, { about }: { about: string }): Promise<void> =>
  page.getByRole('button').filter({ hasText: about }).click();

/** Nothing that WCAG 2.2 AA forbids, and nothing that runs out of the page, at three widths. */
export async function inspect(page: Page): Promise<void> {
  // The code of a screen may still be on its way.
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe is there once its script has run.
    const { violations } = await (globalThis as any).axe.run();
    return violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [
      id,
      nodes.map(({ html }) => html),
    ]);
  });
  expect(found).toEqual([]);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const tooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect({ width, tooWide }).toEqual({ width, tooWide: false });
  }
}
