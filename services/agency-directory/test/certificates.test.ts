import { randomUUID } from 'node:crypto';
import { type AgencyClient, certificateProof } from '@lienthong/client';
import { CertificateRegistered, CertificateRevoked } from '@lienthong/contracts/directory';
import { ADMIN, type Certificate, certificate, refusalOf, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byId, establish } from './support/build.ts';
import { openWorld } from './support/world.ts';

let world: TestWorld;
let agencyId: string;
let otherId: string;
let leader: AgencyClient;
let other: AgencyClient;
beforeAll(async () => {
  world = await openWorld(2);
  [agencyId, otherId] = [(await establish(world.admin)).id, (await establish(world.admin)).id];
  const leaderOf = (id: string) => world.as({ agencyId: id, officerId: 'lãnh đạo', roles: ['leader'] });
  [leader, other] = [leaderOf(agencyId), leaderOf(otherId)];
});
afterAll(() => world.stop());

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
