import { signingAuthority } from '@lienthong/testkit';
import * as asn1 from '@peculiar/asn1-x509';
import { expect, test } from 'vitest';
import { readTrust, type Signer, signCms, type TrustFiles, verifyCms } from '../src/index.ts';
import { daysFromNow, extension, reissue, rsaKey } from './forge.ts';
import { AGENCY, authority, content, NOW, signerOf } from './support.ts';

async function check(signer: Signer, files: Partial<TrustFiles> = {}, at = NOW) {
  const trust = readTrust({ authorities: authority.certificate, ...files });
  const verdict = await verifyCms(await signCms([content], signer, NOW), [content], { trust, at });
  return verdict.valid ? { revocationChecked: verdict.revocationChecked } : verdict.fault;
}

test('a certificate counts from the beginning of its validity to the end', async () => {
  const signer = signerOf(authority.issue(AGENCY, { from: daysFromNow(-10), until: daysFromNow(10) }));
  expect(await check(signer, {}, daysFromNow(-11))).toBe('CERTIFICATE_NOT_YET_VALID');
  expect(await check(signer, {}, daysFromNow(-9))).toEqual({ revocationChecked: false });
  expect(await check(signer, {}, daysFromNow(9))).toEqual({ revocationChecked: false });
  expect(await check(signer, {}, daysFromNow(11))).toBe('CERTIFICATE_EXPIRED');
});

test('nobody revokes a signer that is trusted itself, so nothing is checked', async () => {
  const issued = authority.issue(AGENCY);
  const files = { authorities: issued.certificate, crls: authority.crl() };
  expect(await check(signerOf(issued), files)).toEqual({ revocationChecked: false });
  expect(await check(signerOf(issued), { ...files, requireRevocation: true })).toEqual({
    revocationChecked: false,
  });
});

test('only authorities that are trusted vouch for a signer, and not one with the same name', async () => {
  const stranger = signingAuthority();
  expect(await check(signerOf(stranger.issue(AGENCY)))).toBe('CERTIFICATE_UNTRUSTED');
  // It brings its own authority.
  expect(await check(signerOf(stranger.issue(AGENCY), undefined, [stranger]))).toBe('CERTIFICATE_UNTRUSTED');
});

test('authorities between the signer and the trusted one come with the signature', async () => {
  const middle = authority.issueAuthority({ CN: 'CA cơ quan nhà nước' }, 0);
  const signer = middle.issue(AGENCY);
  expect(await check(signerOf(signer))).toBe('CERTIFICATE_UNTRUSTED');
  expect(await check(signerOf(signer, undefined, [middle]))).toEqual({ revocationChecked: false });
  // A path length of 0 allows no authority below.
  const below = middle.issueAuthority({ CN: 'CA không được phép' });
  expect(await check(signerOf(below.issue(AGENCY), undefined, [below, middle]))).toBe(
    'CERTIFICATE_USAGE_WRONG',
  );
});

test('a signer is no authority', async () => {
  const leaf = authority.issue({ CN: 'Người ký' });
  const forged = { ...signingAuthority({ CN: 'Người ký' }) };
  const below = forged.issue(AGENCY);
  expect(await check(signerOf(below, undefined, [leaf]))).toBe('CERTIFICATE_UNTRUSTED');
});

test('a certificate for other purposes does not sign documents', async () => {
  const serverAuth = '1.3.6.1.5.5.7.3.1';
  const documents = '1.3.6.1.5.5.7.3.36';
  expect(await check(signerOf(authority.issue(AGENCY, { purposes: [serverAuth] })))).toBe(
    'CERTIFICATE_USAGE_WRONG',
  );
  expect(await check(signerOf(authority.issue(AGENCY, { purposes: [serverAuth, documents] })))).toEqual({
    revocationChecked: false,
  });
  const encipherment = authority.issue(AGENCY, { keyUsage: asn1.KeyUsageFlags.keyEncipherment });
  expect(await check(signerOf(encipherment))).toBe('CERTIFICATE_USAGE_WRONG');
});

test('a revoked certificate counts for what was signed before, and for nothing after', async () => {
  const issued = authority.issue(AGENCY);
  const signer = signerOf(issued);
  const crls = authority.crl([{ serialNumber: issued.serialNumber, at: daysFromNow(-2) }]);
  expect(await check(signer, { crls }, daysFromNow(-3))).toEqual({ revocationChecked: true });
  expect(await check(signer, { crls }, daysFromNow(-1))).toBe('CERTIFICATE_REVOKED');
  expect(await check(signerOf(authority.issue(AGENCY)), { crls })).toEqual({ revocationChecked: true });
});

test('a CRL of another authority says nothing, and one that has run out nothing of what it does not list', async () => {
  const issued = authority.issue(AGENCY);
  const revoked = [{ serialNumber: issued.serialNumber, at: daysFromNow(-2) }];
  // The same name, another key.
  const forged = signingAuthority().crl(revoked);
  const old = authority.crl([], daysFromNow(-1));
  for (const crls of [forged, old]) {
    expect(await check(signerOf(issued), { crls })).toEqual({ revocationChecked: false });
    expect(await check(signerOf(issued), { crls, requireRevocation: true })).toBe('REVOCATION_UNKNOWN');
  }
  expect(await check(signerOf(issued), { crls: authority.crl(), requireRevocation: true })).toEqual({
    revocationChecked: true,
  });
});

test('an authority that is limited to other names or purposes issues no signer', async () => {
  const middle = authority.issueAuthority({ CN: 'CA máy chủ' });
  const signer = middle.issue(AGENCY);
  const tree = (base: string) =>
    new asn1.GeneralSubtree({ base: new asn1.GeneralName({ dNSName: base }), minimum: 0 });
  const names = new asn1.NameConstraints({ permittedSubtrees: new asn1.GeneralSubtrees([tree('vn')]) });
  const serverAuth = new asn1.ExtendedKeyUsage([asn1.id_kp_serverAuth]);
  for (const limit of [
    extension(asn1.id_ce_nameConstraints, names),
    extension(asn1.id_ce_nameConstraints, names, true),
    extension(asn1.id_ce_extKeyUsage, serverAuth),
    extension('1.3.6.1.4.1.55555.1', names, true),
    extension(asn1.id_ce_basicConstraints, new asn1.BasicConstraints({ cA: false }), true),
    extension(asn1.id_ce_keyUsage, new asn1.KeyUsage(asn1.KeyUsageFlags.digitalSignature), true),
  ]) {
    const limited = reissue(middle, { by: authority, extensions: [limit] });
    expect(await check(signerOf(signer, undefined, [limited]))).toBe('CERTIFICATE_USAGE_WRONG');
  }
});

test('of several certificates of an authority, one that counts is enough', async () => {
  const until = daysFromNow(-1);
  const old = reissue(authority, { by: authority, until }).certificate;
  // Another key under the same name, of a kind that is not known here.
  const strange = signingAuthority().issue(
    { CN: 'Tổ chức chứng thực thử nghiệm' },
    { key: 'P-521' },
  ).certificate;
  const signer = signerOf(authority.issue(AGENCY));
  for (const first of [old, strange])
    expect(await check(signer, { authorities: `${first}${authority.certificate}` })).toEqual({
      revocationChecked: false,
    });
  expect(await check(signer, { authorities: old })).toBe('CERTIFICATE_EXPIRED');
  // An authority that another one certified too, which nobody trusts here.
  const middle = authority.issueAuthority({ CN: 'CA cơ quan nhà nước' });
  const crossed = reissue(middle, { by: signingAuthority({ CN: 'CA khác' }) });
  expect(await check(signerOf(middle.issue(AGENCY), undefined, [crossed, middle]))).toEqual({
    revocationChecked: false,
  });
});

test('authorities that certify each other end the search', async () => {
  const ring = Array.from({ length: 3 }, (_, i) => signingAuthority({ CN: `CA ${i}` }));
  const crossed = ring.flatMap((one) => ring.map((by) => reissue(one, { by })));
  const [first] = ring as [(typeof ring)[0]];
  expect(await check(signerOf(first.issue(AGENCY), undefined, crossed))).toBe('CERTIFICATE_UNTRUSTED');
});

test('an RSA key with a small exponent is refused', async () => {
  const weak = reissue(authority.issue(AGENCY), { by: authority, key: rsaKey(3) });
  expect(await check(signerOf(weak))).toBe('ALGORITHM_REFUSED');
});
