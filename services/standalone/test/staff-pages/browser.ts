import type { Page } from 'playwright-core';
import { type Browsing, browse, choose, inspect } from '../support/browsing.ts';
import { type Person, type StaffPages, startStaffPages } from '../support/pages.ts';

export { WAIT } from '../support/browsing.ts';
export const HOSTILE = '<img src=x onerror=alert(1)>';
export const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/** The platform with its pages, and people who use them in a browser. */
export interface StaffBrowser extends Omit<Browsing, 'close'> {
  platform: StaffPages;
  /** Signs in on the page of the issuer. */
  choose(page: Page, person: Person): Promise<void>;
  /** A document of the province for the commune. */
  issue(subject: string, more?: object): Promise<{ documentId: string; deliveryId: string }>;
  /** Nothing that WCAG 2.2 AA forbids, and nothing that runs out of the page, at three widths. */
  inspect(page: Page): Promise<void>;
  stop(): Promise<void>;
}

export async function startStaffBrowser(chromium: string): Promise<StaffBrowser> {
  const platform = await startStaffPages();
  const { close, ...browsing } = await browse(chromium, platform.web.url);
  return {
    ...browsing,
    platform,
    choose,
    inspect,
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
    async stop() {
      await close();
      await platform.stop();
    },
  };
}
