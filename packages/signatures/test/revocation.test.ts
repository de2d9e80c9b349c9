import { signingAuthority } from '@lienthong/testkit';
import * as asn1 from '@peculiar/asn1-x509';
import { expect, test } from 'vitest';
import { extendTrust, ocspEndOf, readTrust, signCms, type TrustFiles, verifyCms } from '../src/index.ts';
import {
  daysFromNow,
  extension,
  type ForgedCrl,
  type ForgedOcsp,
  forgeCrl,
  forgeOcsp,
  reissue,
  serialOf,
} from './forge.ts';
import { AGENCY, authority, content, NOW, signerOf } from './support.ts';

const issued = authority.issue(AGENCY);
const signature = await signCms([content], signerOf(issued), NOW);

interface Given extends Partial<TrustFiles> {
  ocspResponses?: readonly Uint8Array[];
}

async function check({ ocspResponses = [], ...files }: Given, at = NOW) {
  const trust = extendTrust(readTrust({ authorities: authority.certificate, ...files }), { ocspResponses });
  const verdict = await verifyCms(signature, [content], { trust, at });
  if (!verdict.valid) return verdict.fault;
  return verdict.revocationChecked ? 'checked' : 'unknown';
}

const revoked = [{ serialNumber: issued.serialNumber, at: daysFromNow(-2) }];
const withCrl = (crl: Partial<ForgedCrl>, at?: Date) =>
  check({ crls: forgeCrl({ by: authority, ...crl }) }, at);
const withOcsp = (response: Partial<ForgedOcsp>, at?: Date) =>
  check({ ocspResponses: [forgeOcsp(issued, { by: authority, ...response })] }, at);

test('a revocation counts also when its list or response has run out; that there was none does not', async () => {
  const nextUpdate = daysFromNow(-0.5);
  expect(await withCrl({ revoked, nextUpdate })).toBe('CERTIFICATE_REVOKED');
  expect(await withCrl({ nextUpdate })).toBe('unknown');
  expect(await withOcsp({ revokedAt: daysFromNow(-2), nextUpdate })).toBe('CERTIFICATE_REVOKED');
  expect(await withOcsp({ nextUpdate })).toBe('unknown');
});

test('a list or response without a next update covers the time before it', async () => {
  expect(await withCrl({ nextUpdate: null })).toBe('unknown');
  expect(await withCrl({ nextUpdate: null }, daysFromNow(-2))).toBe('checked');
  expect(await withOcsp({ nextUpdate: null })).toBe('unknown');
  expect(await withOcsp({ nextUpdate: null }, daysFromNow(-2))).toBe('checked');
});

test('a response without a next update counts when it is made, also by a clock that is some minutes slow', async () => {
  const made = daysFromNow(-1);
  const minutesLater = (minutes: number) => new Date(made.getTime() + minutes * 60_000);
  expect(await withOcsp({ nextUpdate: null }, minutesLater(4))).toBe('checked');
  expect(await withOcsp({ nextUpdate: null }, minutesLater(6))).toBe('unknown');
  // Times in responses may have whole seconds.
  const isEnd = (of: Partial<ForgedOcsp>, end: Date) =>
    Math.abs(ocspEndOf(forgeOcsp(issued, { by: authority, ...of })) - end.getTime()) < 1_000;
  expect(isEnd({ nextUpdate: null }, minutesLater(5))).toBe(true);
  expect(isEnd({ nextUpdate: daysFromNow(1) }, daysFromNow(1))).toBe(true);
  expect(() => ocspEndOf(Buffer.from('unauthorized'))).toThrow();
});

test('a verdict has the OCSP requests for what is not known of its certificates', async () => {
  const requestsOf = async (files: Partial<TrustFiles>, ocspResponses: readonly Uint8Array[] = []) => {
    const trust = extendTrust(readTrust({ authorities: authority.certificate, ...files }), { ocspResponses });
    const { ocspRequests = [] } = await verifyCms(signature, [content], { trust, at: NOW });
    return ocspRequests.map(serialOf);
  };
  expect(await requestsOf({})).toEqual([issued.serialNumber]);
  expect(await requestsOf({ requireRevocation: true })).toEqual([issued.serialNumber]);
  expect(await requestsOf({ crls: authority.crl() })).toEqual([]);
  expect(await requestsOf({}, [forgeOcsp(issued, { by: authority })])).toEqual([]);
  expect(await requestsOf({ authorities: issued.certificate })).toEqual([]);
});

test('a list of some certificates revokes those, and states nothing of others', async () => {
  const delta = extension(asn1.id_ce_deltaCRLIndicator, new asn1.BaseCRLNumber(1), true);
  const part = extension(
    asn1.id_ce_issuingDistributionPoint,
    new asn1.IssuingDistributionPoint({ onlyContainsUserCerts: true }),
    true,
  );
  for (const extensions of [[delta], [part]]) {
    expect(await withCrl({ revoked, extensions })).toBe('CERTIFICATE_REVOKED');
    expect(await withCrl({ extensions })).toBe('unknown');
  }
  const reason = extension(asn1.id_ce_cRLReasons, new asn1.CRLReason(asn1.CRLReasons.removeFromCRL));
  const [one] = revoked as [(typeof revoked)[0]];
  expect(await withCrl({ revoked: [{ ...one, extensions: [reason] }], extensions: [delta] })).toBe('unknown');
});

test('a list with critical extensions that are not known, or by a weak algorithm, states nothing', async () => {
  const unknown = extension('1.3.6.1.4.1.55555.1', new asn1.CRLNumber(1), true);
  expect(await withCrl({ extensions: [unknown] })).toBe('unknown');
  expect(await withCrl({ revoked: [{ serialNumber: '01', at: NOW, extensions: [unknown] }] })).toBe(
    'unknown',
  );
  expect(await withCrl({ hash: 'sha1' })).toBe('unknown');
});

test('an authority whose key is not for lists of revoked certificates makes none', async () => {
  const keyUsage = new asn1.KeyUsage(asn1.KeyUsageFlags.keyCertSign);
  const other = reissue(authority, {
    by: authority,
    extensions: [extension(asn1.id_ce_keyUsage, keyUsage, true)],
  });
  const crls = forgeCrl({ by: authority });
  expect(await check({ authorities: other.certificate, crls })).toBe('unknown');
});

test('lists that are not PEM are refused when they are read, not left out', () => {
  const crl = forgeCrl({ by: authority, revoked });
  const der = Buffer.from(crl.split('\n')[1] as string, 'base64').toString('latin1');
  for (const crls of [der, `${crl}${crl.slice(0, -30)}`, 'none'])
    expect(() => readTrust({ authorities: authority.certificate, crls })).toThrow(/X509 CRL/);
  expect(readTrust({ authorities: authority.certificate, crls: `${crl}\n${crl}` }).crls).toHaveLength(2);
});

test('an OCSP response counts from the authority and from those that it lets respond', async () => {
  const purposes = [asn1.id_kp_OCSPSigning];
  const revokedAt = daysFromNow(-2);
  expect(await withOcsp({})).toBe('checked');
  expect(await withOcsp({ revokedAt })).toBe('CERTIFICATE_REVOKED');
  expect(await withOcsp({ revokedAt }, daysFromNow(-3))).toBe('checked');
  expect(await withOcsp({ responder: authority.issue({ CN: 'OCSP' }, { purposes }) })).toBe('checked');
  const until = daysFromNow(-5);
  for (const responder of [
    authority.issue({ CN: 'OCSP' }),
    authority.issue({ CN: 'OCSP' }, { purposes, until }),
    signingAuthority().issue({ CN: 'OCSP' }, { purposes }),
    signingAuthority(),
  ])
    expect(await withOcsp({ responder })).toBe('unknown');
  const other = forgeOcsp(authority.issue(AGENCY), { by: authority });
  expect(await check({ ocspResponses: [other] })).toBe('unknown');
  const critical = extension('1.3.6.1.4.1.55555.1', new asn1.CRLNumber(1), true);
  expect(await withOcsp({ extensions: [critical] })).toBe('unknown');
});
