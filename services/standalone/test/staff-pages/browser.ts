import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchChromium } from '@lienthong/testkit/chromium';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Person, type StaffPages, startStaffPages } from '../support/pages.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const HOSTILE = '<img src=x onerror=alert(1)>';
const WIDTHS = [360, 768, 1280];
export const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
/** Far more than anything takes: a loaded machine is no failure. */
export const WAIT = { timeout: 50_000 };

/** The platform with its pages, and people who use them in a browser. */
export interface StaffBrowser {
  platform: StaffPages;
  /** A browser of its own in which the person has signed in, at a path of the pages. */
  open(person: Person, path: string): Promise<Page>;
  /** Signs in on the page of the issuer. */
  choose(page: Page, person: Person): Promise<void>;
  newContext(options: BrowserContextOptions): Promise<BrowserContext>;
  /** A document of the province for the commune. */
  issue(subject: string, more?: object): Promise<{ documentId: string; deliveryId: string }>;
  /** Nothing that WCAG 2.2 AA forbids, and nothing that runs out of the page, at three widths. */
  inspect(page: Page): Promise<void>;
  /**
   * Closes what a test has opened. Resolves to what the browsers complained about: blocked by the policy of the pages,
   * thrown, or run by a text that is shown.
   */
  closePages(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startStaffBrowser(chromium: string): Promise<StaffBrowser> {
  const [platform, browser] = await Promise.all([startStaffPages(), launchChromium(chromium)]);
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];

  async function newContext(options: BrowserContextOptions): Promise<BrowserContext> {
    const context = await browser.newContext(options);
    contexts.push(context);
    context.setDefaultTimeout(WAIT.timeout);
    return context;
  }

  const choose = (page: Page, person: Person) =>
    page.getByRole('button').filter({ hasText: person.about }).click();

  return {
    platform,
    newContext,
    choose,
    async open(person, path) {
      const context = await newContext({ locale: 'vi-VN', acceptDownloads: true });
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('dialog', (dialog) => complaints.push(`a text was run: ${dialog.message()}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          complaints.push(message.text());
      });
      await page.goto(`${platform.web.url}/lam-viec${path}`);
      await choose(page, person);
      await page.waitForURL(`${platform.web.url}/lam-viec${path}`);
      return page;
    },
    async issue(subject, more = {}) {
      const { client } = platform.province.clerk;
      const { sha256 } = await client.uploadAttachment(PDF);
      const { document, deliveries } = await client.routing.issueDocument({
        notation: 'UBND-VP',
        type: 'CV',
        subject,
        signer: { competence: 'KT. CHỦ TỊCH', position: 'Phó Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
        attachments: [{ sha256, name: `ke-hoach ${HOSTILE}.pdf`, contentType: 'application/pdf' }],
        recipients: [{ recipient: { $case: 'agencyId', value: platform.commune.agencyId } }],
        ...more,
      });
      return { documentId: document?.id ?? '', deliveryId: deliveries[0]?.deliveryId ?? '' };
    },
    async inspect(page) {
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
    },
    async closePages() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      return complaints.splice(0);
    },
    async stop() {
      await browser.close();
      await platform.stop();
    },
  };
}
