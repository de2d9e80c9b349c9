import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Document } from '@lienthong/contracts/routing';
import type { FileStore } from '@lienthong/file-store';
import type { Reader } from '@lienthong/kit';
import { createAgencyCache, createCertificateCache, createOfficerCache } from '@lienthong/reference-data';
import { manualClock, signingAuthority } from '@lienthong/testkit';
import { afterAll, expect, test } from 'vitest';
import { createSignatureChecker } from './checker.ts';
import { registeredSigners } from './registered-signers.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-checker-'));
const authoritiesFile = join(folder, 'ca.pem');
writeFileSync(authoritiesFile, signingAuthority().certificate);
afterAll(() => rmSync(folder, { recursive: true }));

test('all recipients of a document share one check, until a day or a file of the trust is another', async () => {
  const unused = new Proxy({}, { get: (_, name) => expect.unreachable(`${String(name)} is not needed`) });
  const checker = createSignatureChecker({
    clock: manualClock('2026-01-15T01:00:00Z'),
    trust: { authoritiesFile, crlFile: undefined, requireRevocation: false },
    files: unused as FileStore,
    db: unused as Reader,
    signers: registeredSigners({
      agencies: createAgencyCache(),
      officers: createOfficerCache(),
      certificates: createCertificateCache(),
    }),
    responder: undefined,
  });
  let checks = 0;
  const take = (id: string, today: string) =>
    checker.checkIssued(Document.fromPartial({ id }), today, {
      files: async () => {
        checks += 1;
        return [];
      },
      issuer: undefined,
      at: new Date('2026-01-14T01:00:00Z'),
      principal: `recipient ${checks}`,
      ocspResponses: [],
    });
  await Promise.all([take('a', '2026-01-15'), take('a', '2026-01-15'), take('b', '2026-01-15')]);
  await take('a', '2026-01-15');
  expect(checks).toBe(2);
  await take('a', '2026-01-16');
  expect(checks).toBe(3);
  writeFileSync(authoritiesFile, `${signingAuthority().certificate}\n${signingAuthority().certificate}`);
  await take('a', '2026-01-16');
  await take('a', '2026-01-16');
  expect(checks).toBe(4);
  await checker.stop();
});
