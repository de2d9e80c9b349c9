import { randomUUID } from 'node:crypto';
import { type AgencyClient, certificateProof } from '@lienthong/client';
import {
  CertificatePurpose,
  CertificateRegistered,
  CertificateRevoked,
  type DeepPartial,
  type RegisterCertificateRequest,
} from '@lienthong/contracts/directory';
import { startTelemetry, type Telemetry } from '@lienthong/kit';
import { ADMIN, type Certificate, certificate, refusalOf, scrape, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byId, establish } from './support/build.ts';
import { openWorld } from './support/world.ts';

let telemetry: Telemetry;
let world: TestWorld;
let agencyId: string;
let otherId: string;
let leader: AgencyClient;
let other: AgencyClient;
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'certificates-test', metricsListen: '127.0.0.1:0' });
  world = await openWorld(2);
  [agencyId, otherId] = [(await establish(world.admin)).id, (await establish(world.admin)).id];
  const leaderOf = (id: string) => world.as({ agencyId: id, officerId: 'lãnh đạo', roles: ['leader'] });
  [leader, other] = [leaderOf(agencyId), leaderOf(otherId)];
});
afterAll(async () => {
  await world.stop();
  await telemetry.stop();
});

/** Valid at the time of these tests, which begin on 15 January 2026, and for so many days more. */
const DAYS_AGO = Math.ceil((Date.now() - Date.parse('2026-01-14T00:00:00Z')) / (24 * 3600 * 1000));
const pairFor = (days: number) => certificate({ days: [-DAYS_AGO - 1, -DAYS_AGO + days] });

const requestFor = (pair: Certificate, system: string, at = agencyId) => ({
  agencyId: at,
  system,
  certificate: pair.cert,
  proof: certificateProof({ agencyId: at, system, certificate: pair.cert }, pair.key),
});
const register = (pair: Certificate, system: string, by = leader, at = agencyId) =>
  by.certificates.registerCertificate(requestFor(pair, system, at));
const list = async (by = leader, at = agencyId) =>
  (await by.certificates.listCertificates({ agencyId: at })).certificates;

test('a leader registers, replaces with an overlap and revokes the certificates of their agency’s system', async () => {
  const system = `e-office-${randomUUID().slice(0, 8)}`;
  const [first, second, third] = [pairFor(30), pairFor(400), pairFor(30)];
  const { certificate: one } = await register(first, system);
  expect(one).toMatchObject({ agencyId, system, revokedAt: undefined });
  expect(one?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  // Again, the same.
  expect((await register(first, system)).certificate).toEqual(one);
  const { certificate: two } = await register(second, system);
  expect(await refusalOf(register(third, system))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'TOO_MANY_CERTIFICATES',
  });
  const revoked = await leader.certificates.revokeCertificate({ certificateId: one?.id });
  expect(revoked.certificate).toMatchObject({ id: one?.id, revokedAt: expect.any(Date) });
  expect(await leader.certificates.revokeCertificate({ certificateId: one?.id })).toEqual(revoked);
  await register(third, system);
  expect((await list()).filter((each) => each.system === system).map(({ id }) => id)).toEqual([
    one?.id,
    two?.id,
    expect.any(String),
  ]);
  const events = await world.db.query<{ type: string; version: number; payload: Buffer }>({
    text: 'select type, version, payload from event where aggregate_id = $1 order by position',
    values: [one?.id],
  });
  expect(events.map(({ type, version }) => [type.split('.').at(-1), version])).toEqual([
    ['CertificateRegistered', 1],
    ['CertificateRevoked', 2],
  ]);
  expect(CertificateRegistered.decode(events[0]?.payload as Buffer).certificate).toEqual(one);
  expect(CertificateRevoked.decode(events[1]?.payload as Buffer)).toEqual(revoked);
});

test('the days until a system is left without a certificate are a metric', async () => {
  const days = async () =>
    (await scrape(telemetry.metricsAddress ?? '')).value('lienthong_directory_certificates_valid', {
      holder: 'system',
    });
  const { certificate: first } = await register(pairFor(3), 'one-stop');
  expect(await days()).toBeCloseTo(
    ((first?.notAfter?.getTime() ?? 0) - Date.parse('2026-01-14T23:30:00Z')) / (24 * 3600 * 1000),
    1,
  );
  await register(pairFor(300), 'one-stop');
  expect(await days()).toBeGreaterThan(3.5);
});

describe('certificates of signers', () => {
  const { AGENCY_SIGNATURE, OFFICER_SIGNATURE } = CertificatePurpose;
  const sealFor = (pair: Certificate, more: DeepPartial<RegisterCertificateRequest> = {}) => ({
    agencyId,
    purpose: AGENCY_SIGNATURE,
    certificate: pair.cert,
    proof: certificateProof({ agencyId, officerId: more.officerId, certificate: pair.cert }, pair.key),
    ...more,
  });
  const registerSigner = (...of: Parameters<typeof sealFor>) =>
    leader.certificates.registerCertificate(sealFor(...of));
  let chairman: string;
  beforeAll(async () => {
    const { officer } = await world.admin.directory.appointOfficer({
      agencyId,
      fullName: 'Nguyễn Văn A',
      position: 'Chủ tịch',
      roles: ['leader'],
      validFrom: '2026-01-01',
    });
    chairman = officer?.id as string;
  });

  test('a leader registers the certificate of the agency’s seal and of an officer', async () => {
    const [first, second] = [pairFor(1800), pairFor(30)];
    const { certificate: seal } = await registerSigner(first);
    expect(seal).toMatchObject({
      agencyId,
      purpose: AGENCY_SIGNATURE,
      system: '',
      officerId: '',
      registeredAt: world.clock.now(),
    });
    expect((await registerSigner(first)).certificate).toEqual(seal);
    const officers = { purpose: OFFICER_SIGNATURE, officerId: chairman };
    const { certificate: own } = await registerSigner(second, officers);
    expect(own).toMatchObject({ ...officers, system: '' });
    const registered = (await list()).filter(({ system }) => system === '');
    expect(registered).toEqual([seal, own]);
    // Each may have its next one beside it, and no third.
    await registerSigner(pairFor(30));
    await registerSigner(pairFor(30), officers);
    for (const more of [{}, officers])
      expect(await refusalOf(registerSigner(pairFor(30), more))).toMatchObject({
        reason: 'TOO_MANY_CERTIFICATES',
      });
    const { certificate: revoked } = await leader.certificates.revokeCertificate({ certificateId: seal?.id });
    expect(revoked).toEqual({ ...seal, revokedAt: world.clock.now() });
    await registerSigner(pairFor(30));
    const system = requestFor(second, 'thu-phi');
    expect(await refusalOf(leader.certificates.registerCertificate(system))).toMatchObject({
      reason: 'CERTIFICATE_TAKEN',
    });
  });

  test('only an officer in position at the agency signs for it', async () => {
    const officerId = randomUUID();
    expect(
      await refusalOf(registerSigner(pairFor(30), { purpose: OFFICER_SIGNATURE, officerId })),
    ).toMatchObject({
      code: 'NOT_FOUND',
      violations: ['officer_id UNKNOWN_OFFICER'],
    });
    const { officer } = await world.admin.directory.appointOfficer({
      agencyId: otherId,
      fullName: 'Trần Thị B',
      position: 'Chủ tịch',
      roles: ['leader'],
      validFrom: '2026-01-01',
    });
    const elsewhere = { purpose: OFFICER_SIGNATURE, officerId: officer?.id };
    expect(await refusalOf(registerSigner(pairFor(30), elsewhere))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      violations: ['officer_id OFFICER_NOT_IN_POSITION'],
    });
  });

  test.each<[string, (pair: Certificate) => DeepPartial<RegisterCertificateRequest>, string]>([
    ['with the name of a system', (pair) => sealFor(pair, { system: 'e-office' }), 'system SYSTEM_INVALID'],
    [
      'for an officer whom it does not name',
      (pair) => sealFor(pair, { purpose: OFFICER_SIGNATURE }),
      'officer_id FIELD_REQUIRED',
    ],
    [
      'for an agency with an officer',
      (pair) => sealFor(pair, { officerId: chairman }),
      'officer_id FIELD_NOT_ALLOWED',
    ],
    [
      'by a proof for the agency’s seal',
      (pair) => ({ ...sealFor(pair), purpose: OFFICER_SIGNATURE, officerId: chairman }),
      'proof PROOF_INVALID',
    ],
    ['for a system without a name', (pair) => sealFor(pair, { purpose: 0 }), 'system SYSTEM_INVALID'],
    [
      'for another purpose',
      (pair) => sealFor(pair, { purpose: 9 as 0, system: 'e-office' }),
      'purpose ENUM_INVALID',
    ],
  ])('none %s', async (_, request, violation) => {
    expect(await refusalOf(leader.certificates.registerCertificate(request(pairFor(30))))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [violation],
    });
  });

  test('none that is valid for more than five years', async () => {
    expect(await refusalOf(registerSigner(pairFor(1840)))).toMatchObject({
      violations: ['certificate CERTIFICATE_TOO_LONG'],
    });
  });
});

test('what is revoked, or another system’s, is not registered again', async () => {
  const pair = pairFor(30);
  const { certificate: one } = await register(pair, 'kho-bac');
  const taken = { code: 'ALREADY_EXISTS', reason: 'CERTIFICATE_TAKEN' };
  expect(await refusalOf(register(pair, 'thu-phi'))).toMatchObject(taken);
  expect(await refusalOf(register(pair, 'kho-bac', other, otherId))).toMatchObject(taken);
  await leader.certificates.revokeCertificate({ certificateId: one?.id });
  expect(await refusalOf(register(pair, 'kho-bac'))).toMatchObject(taken);
});

test('the certificates of other agencies are neither changed nor seen, but by an administrator', async () => {
  const { certificate: one } = await register(pairFor(30), 'mot-cua');
  const notYours = { code: 'PERMISSION_DENIED', reason: 'NOT_YOUR_AGENCY' };
  expect(await refusalOf(register(pairFor(30), 'mot-cua', other))).toMatchObject(notYours);
  expect(await refusalOf(list(other))).toMatchObject(notYours);
  const missing = { code: 'NOT_FOUND', violations: ['certificate_id UNKNOWN_CERTIFICATE'] };
  for (const certificateId of [one?.id, randomUUID()])
    expect(await refusalOf(other.certificates.revokeCertificate({ certificateId }))).toMatchObject(missing);
  expect(await list(world.admin)).toEqual(await list());
  await world.admin.certificates.revokeCertificate({ certificateId: one?.id });
  await expect(register(pairFor(30), 'mot-cua', world.admin)).resolves.toBeDefined();
  const clerk = world.as({ agencyId, officerId: 'văn thư', roles: ['clerk', 'system'] });
  expect(await refusalOf(register(pairFor(30), 'mot-cua', clerk))).toMatchObject({ reason: 'ROLE_MISSING' });
});

test('two processes register one certificate once', async () => {
  const pair = pairFor(30);
  const second = world.as(ADMIN, 1);
  const both = [register(pair, 'hai-noi', world.admin), register(pair, 'hai-noi', second)];
  const [one, two] = await Promise.all(both);
  expect(one).toEqual(two);
});

describe('a registration is refused', () => {
  const good = pairFor(30);
  const strong = requestFor.bind(undefined, good);
  test.each<[string, () => object, string]>([
    [
      'for a proof by another key',
      () => ({ ...strong('x'), proof: certificateProof(strong('x'), pairFor(30).key) }),
      'proof PROOF_INVALID',
    ],
    ['for a proof for another system', () => ({ ...strong('x'), system: 'y' }), 'proof PROOF_INVALID'],
    ['without a proof', () => ({ ...strong('x'), proof: Buffer.alloc(0) }), 'proof PROOF_INVALID'],
    [
      'for what is no certificate',
      () => ({ ...strong('x'), certificate: good.key }),
      'certificate CERTIFICATE_INVALID',
    ],
    ['for an expired one', () => requestFor(pairFor(-1), 'x'), 'certificate CERTIFICATE_EXPIRED'],
    ['for one valid for years', () => requestFor(pairFor(1000), 'x'), 'certificate CERTIFICATE_TOO_LONG'],
    ['for a name that could be an officer’s', () => requestFor(good, randomUUID()), 'system SYSTEM_INVALID'],
    ['for a name with capitals', () => requestFor(good, 'E-Office'), 'system SYSTEM_INVALID'],
  ])('%s', async (_, request, violation) => {
    expect(await refusalOf(leader.certificates.registerCertificate(request()))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [violation],
    });
  });

  test('for an agency that does not exist or has ended', async () => {
    const nowhere = randomUUID();
    expect(await refusalOf(register(good, 'x', world.admin, nowhere))).toMatchObject({
      code: 'NOT_FOUND',
      violations: ['agency_id UNKNOWN_AGENCY'],
    });
    const { id } = await establish(world.admin);
    await world.admin.directory.endAgency({
      part: { agency: byId(id) },
      effectiveOn: '2026-01-15',
      legalBasis: 'NQ 1',
    });
    expect(await refusalOf(register(good, 'x', world.admin, id))).toMatchObject({ reason: 'AGENCY_ENDED' });
  });
});
