import { randomUUID, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeepPartial, LodgeDossierRequest, RenderPaperRequest } from '@lienthong/contracts/casework';
import { Form, Format } from '@lienthong/contracts/casework';
import { startTelemetry, type Telemetry } from '@lienthong/kit';
import { createPress } from '@lienthong/paper';
import { readTrust, verifyPdf } from '@lienthong/signatures';
import { LONGEST_TURN_MS, longestTurnAtBest, scrape, signingAuthority } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openSeals } from '../src/papers/seals.ts';
import { fourSteps } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { complete, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const CODE = 'H61.855.29542';
const folder = mkdtempSync(join(tmpdir(), 'lienthong-seals-'));
const authority = signingAuthority();
const seal = authority.issue({ CN: 'UBND xã An Bình', organizationIdentifier: CODE }, { key: 'rsa-2048' });
writeFileSync(join(folder, `${CODE}.key.pem`), seal.key);
writeFileSync(join(folder, `${CODE}.crt.pem`), seal.certificate);

let telemetry: Telemetry;
let world: World;
const building = fourSteps();
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'seals-test', metricsListen: '127.0.0.1:0' });
  world = await openWorld({ env: { CASEWORK_SEALS: folder } });
  await settle(world, p);
  await world.publish(building);
});
afterAll(async () => {
  await world.stop();
  await telemetry.stop();
  rmSync(folder, { recursive: true });
});

const clerk = () => world.as(p.commune.clerk);
const officer = () => world.as(p.commune.officer);
const lodge = async (more: DeepPartial<LodgeDossierRequest> = {}) =>
  (await clerk().casework.lodgeDossier(lodging(building, more))).dossierId;
const on = (dossierId: string) => ({ requestId: randomUUID(), dossierId });

/** Who has signed the PDF, or why it is not signed. */
async function signersOf(request: DeepPartial<RenderPaperRequest>): Promise<string[]> {
  const { content } = await clerk().casework.renderPaper({ ...request, format: Format.PDF });
  const trust = readTrust({ authorities: authority.certificate });
  const signatures = await verifyPdf(content, { trust, at: new Date('2026-01-15T01:00:00Z') });
  return signatures.map(({ verdict }) => (verdict.valid ? verdict.certificate.commonName : verdict.fault));
}

test('the days until the first certificate of a seal expires are a metric', async () => {
  const left =
    (new X509Certificate(seal.certificate).validToDate.getTime() - Date.now()) / (24 * 3600 * 1000);
  const shown = await scrape(telemetry.metricsAddress ?? '');
  expect(shown.value('lienthong_casework_seals_valid')).toBeCloseTo(left, 1);
});

test('papers 01 to 07 carry the seal of the agency that issues them', async () => {
  const dossierId = await lodge();
  await officer().casework.requestSupplement({ ...on(dossierId), content: 'Bản vẽ', reason: 'Thiếu' });
  const stopped = await lodge();
  await officer().casework.stopDossier({ ...on(stopped), reason: 'Đang có tranh chấp' });
  const late = await lodge();
  const dueAt = new Date('2026-03-20T10:00:00Z');
  await officer().casework.extendDeadline({ ...on(late), dueAt, reason: 'phải đo đạc lại' });
  const refused = await lodge({ accept: false });
  await clerk().casework.refuseDossier({ ...on(refused), reason: 'Không thuộc thẩm quyền của xã' });
  for (const request of [
    { form: Form.RECEIPT, dossierId },
    { form: Form.SUPPLEMENT_REQUEST, dossierId },
    { form: Form.REFUSAL, dossierId: refused },
    { form: Form.APOLOGY, dossierId: late },
    { form: Form.STOP_NOTICE, dossierId: stopped },
    { form: Form.CONTROL_SHEET, dossierId },
    { form: Form.REGISTER, from: '2026-01-01', to: '2026-01-31' },
  ])
    expect(await signersOf(request), `form ${request.form}`).toEqual(['UBND xã An Bình']);
});

test('a paper of an agency without a seal here is not signed', async () => {
  const dossierId = await lodge();
  await complete(officer(), dossierId, 1);
  const department = world.as(p.land.officer);
  await department.casework.requestSupplement({ ...on(dossierId), content: 'Bản vẽ' });
  expect(await signersOf({ form: Form.SUPPLEMENT_REQUEST, dossierId })).toEqual([]);
});

test('a large paper is sealed in short turns of the main thread', async () => {
  const seals = openSeals(folder);
  onTestFinished(() => seals.stop());
  const press = createPress();
  onTestFinished(() => press.stop());
  const at = new Date('2026-01-15T01:00:00Z');
  const pdf = padded(await press.print({ title: '', orientation: 'portrait', at: 0, blocks: [] }, 'pdf'));
  let sealed: Buffer | undefined;
  const turn = await longestTurnAtBest(async () => {
    sealed = await seals.seal('officer', pdf, CODE, at);
  });
  expect(turn).toBeLessThan(LONGEST_TURN_MS);
  const trust = readTrust({ authorities: authority.certificate });
  expect(await verifyPdf(sealed ?? Buffer.of(), { trust, at })).toMatchObject([{ verdict: { valid: true } }]);
});

/** A PDF with 32 MiB of comment before its table of objects. */
function padded(pdf: Buffer): Buffer {
  const text = pdf.toString('latin1');
  const table = text.lastIndexOf('xref', text.lastIndexOf('startxref') - 1);
  const comment = `%${'x'.repeat(32 * 1024 * 1024)}\n`;
  const end = text.slice(table).replace(`startxref\n${table}`, `startxref\n${table + comment.length}`);
  return Buffer.from(text.slice(0, table) + comment + end, 'latin1');
}

test('a folder of seals with a wrong file is refused at the start', () => {
  const wrong = mkdtempSync(join(folder, 'wrong-'));
  writeFileSync(join(wrong, `${CODE}.key.pem`), authority.issue({ CN: 'khác' }).key);
  writeFileSync(join(wrong, `${CODE}.crt.pem`), seal.certificate);
  expect(() => openSeals(wrong)).toThrow(`the seal of ${CODE} cannot be used`);
  writeFileSync(join(wrong, '..key.pem'), seal.key);
  expect(() => openSeals(wrong)).toThrow(/not named by an agency's code|cannot be used/);
});
