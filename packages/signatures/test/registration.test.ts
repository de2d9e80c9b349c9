import { signingAuthority } from '@lienthong/testkit';
import * as asn1 from '@peculiar/asn1-x509';
import { expect, test } from 'vitest';
import {
  extendTrust,
  type Registration,
  readTrust,
  type Signer,
  signCms,
  signJws,
  verifyCms,
  verifyJws,
} from '../src/index.ts';
import { daysFromNow } from './forge.ts';
import { AGENCY, authority, content, NOW, signerOf } from './support.ts';

const stranger = signingAuthority({ CN: 'Cơ quan tự cấp' });
const issued = stranger.issue(AGENCY, { from: daysFromNow(-10), until: daysFromNow(10) });
const signer = signerOf(issued);
const signature = await signCms([content], signer, NOW);
const { certificate } = await verifyCms(signature, [content], {
  trust: readTrust({ authorities: stranger.certificate }),
  at: NOW,
});
const registration = (more: Partial<Registration> = {}): Registration => ({
  fingerprint: certificate?.fingerprint ?? '',
  from: daysFromNow(-5),
  revokedAt: undefined,
  ...more,
});

async function check(given: Registration, at = NOW, files: Partial<Parameters<typeof readTrust>[0]> = {}) {
  const trust = extendTrust(readTrust({ authorities: authority.certificate, ...files }), {
    registrations: [given],
  });
  const verdict = await verifyCms(signature, [content], { trust, at });
  return verdict.valid ? [verdict.trustedBy, verdict.revocationChecked] : verdict.fault;
}

test('a registered certificate counts without an authority, from its registration to its end', async () => {
  expect(await check(registration())).toEqual(['REGISTRATION', false]);
  expect(await check(registration(), daysFromNow(-5))).toEqual(['REGISTRATION', false]);
  expect(await check(registration(), daysFromNow(-6))).toBe('CERTIFICATE_UNTRUSTED');
  expect(await check(registration({ from: daysFromNow(-20) }), daysFromNow(-11))).toBe(
    'CERTIFICATE_NOT_YET_VALID',
  );
  expect(await check(registration(), daysFromNow(11))).toBe('CERTIFICATE_EXPIRED');
  expect(await check(registration({ fingerprint: 'khác' }))).toBe('CERTIFICATE_UNTRUSTED');
});

test('one that is revoked counts for what was signed before', async () => {
  const revoked = registration({ revokedAt: daysFromNow(-1) });
  expect(await check(revoked, daysFromNow(-2))).toEqual(['REGISTRATION', false]);
  for (const at of [daysFromNow(-1), NOW]) expect(await check(revoked, at)).toBe('CERTIFICATE_REVOKED');
});

test('an authority and the directory each revoke what the other one trusts', async () => {
  const authorities = stranger.certificate;
  const revoked = registration({ revokedAt: daysFromNow(-1) });
  expect(await check(registration(), NOW, { authorities })).toEqual(['AUTHORITY', false]);
  expect(await check(revoked, NOW, { authorities })).toBe('CERTIFICATE_REVOKED');
  const crls = stranger.crl([{ serialNumber: issued.serialNumber, at: daysFromNow(-1) }]);
  expect(await check(registration(), NOW, { authorities, crls })).toBe('CERTIFICATE_REVOKED');
  // The directory knows of no revocation: that is enough where one must be known of.
  const required = { authorities, requireRevocation: true };
  expect(await check(registration(), NOW, required)).toEqual(['REGISTRATION', false]);
});

test('a registration makes up for an authority and for nothing else', async () => {
  const believed = async (by: Signer, signed: Uint8Array = content) => {
    const jws = await signJws(signed, by, NOW);
    const fingerprint = (
      await verifyJws(jws, signed, { trust: readTrust({ authorities: authority.certificate }), at: NOW })
    ).certificate?.fingerprint as string;
    const trust = extendTrust(readTrust({ authorities: authority.certificate }), {
      registrations: [registration({ fingerprint })],
    });
    const verdict = await verifyJws(jws, content, { trust, at: NOW });
    return verdict.valid ? verdict.trustedBy : verdict.fault;
  };
  expect(await believed(signer)).toBe('REGISTRATION');
  expect(await believed(signer, Buffer.from('khác'))).toBe('CONTENT_CHANGED');
  const encipherment = stranger.issue(AGENCY, { keyUsage: asn1.KeyUsageFlags.keyEncipherment });
  expect(await believed(signerOf(encipherment))).toBe('CERTIFICATE_USAGE_WRONG');
  const server = stranger.issue(AGENCY, { purposes: [asn1.id_kp_serverAuth] });
  expect(await believed(signerOf(server))).toBe('CERTIFICATE_USAGE_WRONG');
});
