import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeliveryStatus, SignatureState } from '@lienthong/contracts/routing';
import { agency } from '@lienthong/reference-data/testing';
import { type IssuedCertificate, refusalOf, signingAuthority } from '@lienthong/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type OcspServer, ocspServer } from './support/ocsp-server.ts';
import { agencySeal, signedPlan } from './support/signed.ts';
import { fieldRefused, openWorld, say, send, type World } from './support/world.ts';

const S = DeliveryStatus;
const HOUR_MS = 3_600_000;
const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const commune = agency({ code: 'H61.1', name: 'Xã Một' });

const folder = mkdtempSync(join(tmpdir(), 'lienthong-ocsp-'));
const caFile = join(folder, 'ca.pem');
const authority = signingAuthority();
writeFileSync(caFile, authority.certificate);

let responder: OcspServer;
let lenient: World;
let strict: World;
beforeAll(async () => {
  responder = await ocspServer(authority);
  const env = { SIGNATURE_CA_FILE: caFile, SIGNATURE_OCSP_URL: responder.url };
  lenient = await openWorld(env);
  strict = await openWorld({ ...env, SIGNATURE_REVOCATION: 'required' });
  for (const one of [lenient, strict]) await one.announce(province, commune);
});
afterEach(() => {
  Object.assign(responder, { requests: [], response: {} });
});
afterAll(async () => {
  await Promise.all([lenient.stop(), strict.stop(), responder.stop()]);
  rmSync(folder, { recursive: true });
});

/** Another certificate for each test: responses are remembered. */
function newSeal(): IssuedCertificate {
  const seal = authority.issue({ CN: 'Ủy ban nhân dân tỉnh', organizationIdentifier: 'H61' });
  responder.knows.push(seal);
  return seal;
}
const issue = async (world: World, seal: IssuedCertificate) =>
  send(world.as(province), await signedPlan(world, [province, commune], [agencySeal(seal)]));
const hoursFromNow = (world: World, hours: number) => new Date(world.clock.now().getTime() + hours * HOUR_MS);

test('a responder is called once until its next update, and its response stays with the verdict', async () => {
  const seal = newSeal();
  responder.response = { nextUpdate: hoursFromNow(strict, 2) };
  const { document } = await issue(strict, seal);
  expect(document.signatureVerdict).toMatchObject({
    state: SignatureState.VALID,
    checks: [{ revocationChecked: true, ocspResponses: [expect.any(Uint8Array)] }],
  });
  await issue(strict, seal);
  expect(responder.requests).toEqual([seal.serialNumber]);
  strict.clock.advance(3 * HOUR_MS);
  responder.response = { nextUpdate: hoursFromNow(strict, 2) };
  await issue(strict, seal);
  expect(responder.requests).toEqual([seal.serialNumber, seal.serialNumber]);
});

test('a certificate that the responder calls revoked signs nothing more', async () => {
  for (const world of [lenient, strict]) {
    responder.response = { revokedAt: hoursFromNow(world, -1) };
    expect(await refusalOf(issue(world, newSeal()))).toEqual(
      fieldRefused('signatures[0].signature', 'CERTIFICATE_REVOKED'),
    );
  }
});

test('while the responder is away, the setting decides, and it is called again half a minute later', async () => {
  const seal = newSeal();
  responder.response = undefined;
  const unknown = fieldRefused('signatures[0].signature', 'REVOCATION_UNKNOWN');
  const { document } = await issue(lenient, seal);
  expect(document.signatureVerdict).toMatchObject({
    state: SignatureState.VALID,
    checks: [{ revocationChecked: false, ocspResponses: [] }],
  });
  expect(await refusalOf(issue(strict, seal))).toEqual(unknown);
  expect(await refusalOf(issue(strict, seal))).toEqual(unknown);
  // One call of each process.
  expect(responder.requests).toHaveLength(2);
  responder.response = {};
  strict.clock.advance(30_000);
  await issue(strict, seal);
});

test.each([
  ['of another key', { responder: signingAuthority() }],
  ['that has run out', { nextUpdate: new Date('2026-01-01T00:00:00Z') }],
])('a response %s does not count', async (_, response) => {
  responder.response = response;
  expect(await refusalOf(issue(strict, newSeal()))).toEqual(
    fieldRefused('signatures[0].signature', 'REVOCATION_UNKNOWN'),
  );
  const { document } = await issue(lenient, newSeal());
  expect(document.signatureVerdict?.checks).toMatchObject([{ revocationChecked: false, ocspResponses: [] }]);
});

test('on receipt the responder is called again, and its kept response counts while it is away', async () => {
  const [seal, revoked] = [newSeal(), newSeal()];
  responder.response = { nextUpdate: hoursFromNow(strict, 1) };
  const { deliveryIds } = await issue(strict, seal);
  const later = await issue(strict, revoked);
  strict.clock.advance(2 * HOUR_MS);
  responder.response = undefined;
  await say(strict.as(commune), deliveryIds[0], S.ARRIVED);
  const shown = async (deliveryId: string | undefined) =>
    (await strict.as(province).routing.getDelivery({ deliveryId })).delivery;
  expect(await shown(deliveryIds[0])).toMatchObject({
    status: S.ARRIVED,
    signatureState: SignatureState.VALID,
  });
  // Revoked from before the issue on.
  responder.response = { revokedAt: hoursFromNow(strict, -3) };
  await say(strict.as(commune), later.deliveryIds[0], S.ARRIVED);
  expect(await shown(later.deliveryIds[0])).toMatchObject({
    status: S.REFUSED,
    signatureState: SignatureState.INVALID,
  });
});
