import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificatePurpose, SystemCertificate } from '@lienthong/contracts/directory';
import { CertificateTrust, DeliveryStatus, SignatureState } from '@lienthong/contracts/routing';
import { uuidv7 } from '@lienthong/kit';
import { agency, officer } from '@lienthong/reference-data/testing';
import { type IssuedCertificate, refusalOf, signingAuthority } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agencySeal, person, signedPlan } from './support/signed.ts';
import { fieldRefused, openWorld, say, send, type World } from './support/world.ts';

const { AGENCY_SIGNATURE, OFFICER_SIGNATURE, SYSTEM } = CertificatePurpose;
const S = DeliveryStatus;
const HOUR_MS = 3_600_000;
const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const commune = agency({ code: 'H61.1', name: 'Xã Một' });
const chairman = officer({ agencyId: province.id, fullName: 'Nguyễn Văn A', validFrom: '2020-01-01' });

const folder = mkdtempSync(join(tmpdir(), 'lienthong-registered-'));
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, signingAuthority().certificate);
/** No authority that the platform knows has issued these, and they do not name whose they are. */
const own = signingAuthority({ CN: 'Tự cấp' });
const newCertificate = () => own.issue({ CN: 'Khóa ký' });

let world: World;
beforeAll(async () => {
  world = await openWorld({ SIGNATURE_CA_FILE: caFile });
  await world.announce(province, commune);
  await world.appoint(chairman);
});
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

/** Has the directory tell of a registered certificate. */
async function register(
  issued: IssuedCertificate,
  more: Partial<SystemCertificate>,
): Promise<SystemCertificate> {
  const x509 = new X509Certificate(issued.certificate);
  const certificate = SystemCertificate.fromPartial({
    id: uuidv7(),
    agencyId: province.id,
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    notBefore: x509.validFromDate,
    notAfter: x509.validToDate,
    registeredAt: world.clock.now(),
    ...more,
  });
  await publish('CertificateRegistered', certificate, 1);
  return certificate;
}

const publish = (
  name: 'CertificateRegistered' | 'CertificateRevoked',
  certificate: SystemCertificate,
  version: number,
) =>
  world.publishAndWait({
    type: `lienthong.directory.v1.${name}`,
    payload: { certificate },
    aggregateId: certificate.id,
    version,
    agencyId: certificate.agencyId,
    agencyCode: '',
  });

const revoke = (certificate: SystemCertificate, revokedAt = world.clock.now()) =>
  publish('CertificateRevoked', { ...certificate, revokedAt }, 2);

const issue = async (...by: Parameters<typeof signedPlan>[2]) =>
  send(world.as(province), await signedPlan(world, [province, commune], by));
const refused = (fault: string) => fieldRefused('signatures[0].signature', fault);

test('registered certificates of the seal and of the signer count without an authority', async () => {
  const [signer, seal] = [newCertificate(), newCertificate()];
  expect(await refusalOf(issue(agencySeal(seal)))).toEqual(refused('CERTIFICATE_UNTRUSTED'));
  await register(seal, { purpose: AGENCY_SIGNATURE });
  await register(signer, { purpose: OFFICER_SIGNATURE, officerId: chairman.id });
  const { document, deliveryIds } = await issue(person(signer), agencySeal(seal));
  const trustedBy = CertificateTrust.REGISTRATION;
  expect(document.signatureVerdict).toMatchObject({
    state: SignatureState.VALID,
    checks: [
      { trustedBy, revocationChecked: false },
      { trustedBy, revocationChecked: false },
    ],
  });
  await say(world.as(commune), deliveryIds[0], S.ARRIVED);
  const { delivery } = await world.as(province).routing.getDelivery({ deliveryId: deliveryIds[0] });
  expect(delivery).toMatchObject({ status: S.ARRIVED, signatureState: SignatureState.VALID });
});

test('a certificate counts only for whom and for what it is registered', async () => {
  const different = refused('SIGNER_DIFFERENT');
  const seal = newCertificate();
  await register(seal, { purpose: AGENCY_SIGNATURE });
  expect(await refusalOf(issue(person(seal)))).toEqual(different);

  const ofOther = newCertificate();
  await register(ofOther, { purpose: AGENCY_SIGNATURE, agencyId: commune.id });
  expect(await refusalOf(issue(agencySeal(ofOther)))).toEqual(different);

  const deputy = officer({ agencyId: province.id, fullName: 'Trần Thị B', validFrom: '2020-01-01' });
  await world.appoint(deputy);
  const ofDeputy = newCertificate();
  await register(ofDeputy, { purpose: OFFICER_SIGNATURE, officerId: deputy.id });
  expect(await refusalOf(issue(person(ofDeputy)))).toEqual(different);

  const ofSystem = newCertificate();
  await register(ofSystem, { purpose: SYSTEM, system: 'e-office' });
  expect(await refusalOf(issue(agencySeal(ofSystem)))).toEqual(refused('CERTIFICATE_UNTRUSTED'));
});

test('an officer who has left signs nothing more', async () => {
  const leaving = officer({ agencyId: province.id, fullName: chairman.fullName, validFrom: '2020-01-01' });
  await world.appoint(leaving);
  const signer = newCertificate();
  await register(signer, { purpose: OFFICER_SIGNATURE, officerId: leaving.id });
  await issue(person(signer));
  await world.relieve(leaving, '2026-01-15');
  expect(await refusalOf(issue(person(signer)))).toEqual(refused('SIGNER_DIFFERENT'));
});

test('a revocation stops later documents, and those that were issued before arrive', async () => {
  const seal = newCertificate();
  const certificate = await register(seal, { purpose: AGENCY_SIGNATURE });
  const { deliveryIds } = await issue(agencySeal(seal));
  world.clock.advance(HOUR_MS);
  await revoke(certificate);
  expect(await refusalOf(issue(agencySeal(seal)))).toEqual(refused('CERTIFICATE_REVOKED'));
  await say(world.as(commune), deliveryIds[0], S.ARRIVED);
  const { delivery } = await world.as(province).routing.getDelivery({ deliveryId: deliveryIds[0] });
  expect(delivery).toMatchObject({ status: S.ARRIVED, signatureState: SignatureState.VALID });
});
