import { findChromium } from '@lienthong/testkit/chromium';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { testAgencies } from './staff-pages/agencies.ts';
import { testBridge } from './staff-pages/bridge.ts';
import { type StaffBrowser, startStaffBrowser } from './staff-pages/browser.ts';
import { testDocuments } from './staff-pages/documents.ts';
import { testDossiers } from './staff-pages/dossiers.ts';
import { testLoading } from './staff-pages/loading.ts';
import { testOffline } from './staff-pages/offline.ts';
import { testProcedures } from './staff-pages/procedures.ts';
import { testSessions } from './staff-pages/sessions.ts';
import { testWork } from './staff-pages/work.ts';

const chromium = findChromium();
if (chromium === undefined)
  console.log('skipped: there is no Chromium on this machine; set CHROMIUM to its program');

const TEST_MS = 240_000;

describe.skipIf(chromium === undefined)('pages of staff', { timeout: TEST_MS }, () => {
  let started: StaffBrowser | undefined;
  const pages = () => started as StaffBrowser;

  beforeAll(async () => {
    started = await startStaffBrowser(chromium as string);
  }, TEST_MS);
  afterAll(() => started?.stop());
  afterEach(async () => expect(await started?.closePages()).toEqual([]));

  testDocuments(pages);
  testDossiers(pages);
  testWork(pages);
  testAgencies(pages);
  testProcedures(pages);
  testSessions(pages);
  testOffline(pages);
  testLoading(pages);
  testBridge(pages);
});
