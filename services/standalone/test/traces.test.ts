import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgencyClient } from '@lienthong/client';
import { Tier } from '@lienthong/contracts/directory';
import { Channel } from '@lienthong/contracts/registry';
import { vietnamDate } from '@lienthong/kit';
import { freePort } from '@lienthong/testkit';
import { definition, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { administrator } from '../src/administrator.ts';
import { readStandaloneSettings } from '../src/config.ts';
import { type Platform, startPlatform } from '../src/platform.ts';

// The embedded platform keeps its own spans: nothing else runs.

let dataDir: string;
let platform: Platform;
let admin: AgencyClient;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lienthong-traces-'));
  // As root PostgreSQL runs as another user, who must be able to pass.
  chmodSync(dataDir, 0o711);
  platform = await startPlatform(
    readStandaloneSettings({
      LIENTHONG_DATA: dataDir,
      LISTEN: '127.0.0.1:0',
      POSTGRES_PORT: '0',
      NATS_PORT: '0',
      TRACES_LISTEN: `127.0.0.1:${await freePort()}`,
      TRACES_PER_SECOND: '1000',
    }),
  );
  admin = platform.connect(administrator);
}, 60_000);
afterAll(async () => {
  admin?.close();
  await platform?.stop();
  rmSync(dataDir, { recursive: true });
});

async function lodge(): Promise<string> {
  const { agency } = await admin.directory.establishAgency({
    part: { codes: [{ code: 'H61.1' }], name: 'Xã An Bình', tier: Tier.COMMUNE },
    legalBasis: 'QĐ 1/QĐ-UBND',
  });
  const { procedure } = await admin.procedures.draftProcedure({
    definition: definition(step('lam', { produces: ['giay-phep'] })),
  });
  const procedureId = procedure?.id ?? '';
  await admin.procedures.validateProcedure({ procedureId });
  const effectiveOn = vietnamDate(new Date());
  await admin.procedures.publishProcedure({
    procedureId,
    effectiveOn,
    decision: { number: '1/QĐ', decidedOn: effectiveOn, signerName: 'Mẫu', signerPosition: 'Chủ tịch' },
  });
  const system = platform.connect(
    { agencyId: agency?.id ?? '', officerId: 'một cửa', roles: ['system'] },
    admin.written(),
  );
  const { code } = await system.casework.lodgeDossier({
    procedureCode: procedure?.code,
    channel: Channel.IN_PERSON,
    applicant: { fullName: 'Nguyễn Thị Mẫu', identityNumber: '086190000001', phone: '0901234567' },
    accept: true,
  });
  system.close();
  return code;
}

test('the journey of a dossier has the call with its transaction, and what other services did with its events', async () => {
  const code = await lodge();
  const names = await vi.waitFor(
    async () => {
      const { traces } = await admin.traces.getJourney({ dossierCode: code });
      const names = traces.flatMap(({ spans }) => spans.map(({ name }) => name));
      expect(names.some((name) => name.startsWith('consume'))).toBe(true);
      expect(names).toContain('publish');
      return names;
    },
    { timeout: 30_000, interval: 200 },
  );
  expect(names).toContain('lienthong.casework.v1.CaseworkService/LodgeDossier');
  expect(names).toContain('commands');
  const { traces } = await admin.traces.findTraces({ dossierCode: code });
  expect(traces.length).toBeGreaterThan(0);
  // Nothing of what people wrote is in the store.
  const all = await admin.traces.findTraces({ pageSize: 200 });
  const whole = await Promise.all(all.traces.map(({ traceId }) => admin.traces.getTrace({ traceId })));
  const text = JSON.stringify(whole, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  for (const secret of ['Nguyễn Thị Mẫu', '086190000001', '0901234567']) expect(text).not.toContain(secret);
}, 60_000);
