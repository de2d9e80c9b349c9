import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPackage } from '@lienthong/edxml';
import { signingAuthority } from '@lienthong/testkit';
import { afterAll, expect, test } from 'vitest';
import { accepted, sample } from '../../../packages/edxml/test/support/sample.ts';
import { readSystems } from '../src/config.ts';
import { toSignature } from '../src/domain/signature.ts';
import { readSigner, sign, verify } from '../src/envelope/thread.ts';

const hasXmlsec = spawnSync('xmlsec1', ['--version']).status === 0;
if (!hasXmlsec) console.log('skipped: no xmlsec1 on this machine');

const folder = mkdtempSync(join(tmpdir(), 'lienthong-envelopes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const authority = signingAuthority();
const SUBJECT = { CN: 'UBND tỉnh Vĩnh Long', organizationIdentifier: 'H61' };
const trust = { authoritiesFile: file('ca.pem', authority.certificate), crlFile: undefined };
const KEYS = ['rsa-2048', 'P-256', 'P-384'] as const;
const filesOf = (key: (typeof KEYS)[number], by = authority) => {
  const issued = by.issue(SUBJECT, { key });
  const files = {
    keyFile: file(`${key}.key`, issued.key),
    certificateFile: file(`${key}.pem`, issued.certificate),
  };
  return { ...files, issued };
};
const edxml = Buffer.from(sample());
const check = async (bytes: Uint8Array, against: Parameters<typeof verify>[1] = trust) =>
  toSignature(await verify(bytes, against, new Date()));

test.each(KEYS)(
  'a package that is signed by a key of %s says the same, and its signature is valid',
  async (key) => {
    const signed = Buffer.from(await sign(edxml, filesOf(key)));
    const { edxml: unsigned } = accepted(readPackage(edxml));
    expect(accepted(readPackage(signed))).toMatchObject({
      edxml: { ...unsigned, signed: true },
      leniencies: [],
    });
    expect(await check(signed)).toEqual({
      valid: true,
      signer: expect.stringContaining('CN=UBND tỉnh Vĩnh Long'),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      revocationChecked: false,
      fault: '',
      detail: '',
    });
  },
);

test('a signature that is not valid says why', async () => {
  const { issued, ...files } = filesOf('P-256');
  const signed = Buffer.from(await sign(edxml, files)).toString();
  const changed = Buffer.from(signed.replace('cải cách', 'thay đổi'));
  expect(await check(changed)).toMatchObject({ valid: false, fault: 'CONTENT_CHANGED' });
  const others = {
    ...trust,
    authoritiesFile: file('other.pem', signingAuthority({ CN: 'Khác' }).certificate),
  };
  expect(await check(Buffer.from(signed), others)).toMatchObject({
    valid: false,
    fault: 'CERTIFICATE_UNTRUSTED',
  });
  const revoked = [{ serialNumber: issued.serialNumber, at: new Date(Date.now() - 60_000) }];
  const crlFile = file('crl.pem', authority.crl(revoked));
  expect(await check(Buffer.from(signed), { ...trust, crlFile })).toMatchObject({
    valid: false,
    fault: 'CERTIFICATE_REVOKED',
    signer: expect.stringContaining('UBND tỉnh Vĩnh Long'),
  });
  const twice = Buffer.from(await sign(Buffer.from(signed), files));
  expect(await check(twice)).toMatchObject({ valid: false, fault: 'SIGNATURE_MALFORMED' });
  expect(await check(edxml)).toMatchObject({ valid: false, fault: 'SIGNATURE_MALFORMED' });
  expect(await check(Buffer.from('rác'))).toMatchObject({ valid: false, fault: 'SIGNATURE_MALFORMED' });
});

test('a certificate that is named itself is believed alone', async () => {
  const { issued, ...files } = filesOf('rsa-2048');
  const signed = await sign(edxml, files);
  const itself = { ...trust, authoritiesFile: file('itself.pem', issued.certificate) };
  expect(await check(signed, itself)).toMatchObject({ valid: true });
  const another = { ...trust, authoritiesFile: file('another.pem', authority.issue(SUBJECT).certificate) };
  expect(await check(signed, another)).toMatchObject({ valid: false, fault: 'CERTIFICATE_UNTRUSTED' });
});

test('a key of another certificate is refused', () => {
  const { keyFile } = filesOf('P-256');
  const { certificateFile } = filesOf('P-384');
  expect(() => readSigner({ keyFile, certificateFile })).toThrow(
    'the key is not that of the first certificate',
  );
});

test.each([
  [{ signingKeyFile: 'k' }, 'signingKeyFile and signingCertificateFile together'],
  [{ signatureRequired: true }, 'must have authoritiesFile'],
  [{ crlFile: 'c' }, 'must have authoritiesFile'],
])('systems with %j are refused', (more, why) => {
  const system = { name: 'a', agencyId: crypto.randomUUID(), folder: 'f', tokenFile: 't', ...more };
  expect(() => readSystems(file('systems.json', JSON.stringify([system])))).toThrow(why);
});

test.skipIf(!hasXmlsec).each(KEYS)(
  'xmlsec1 verifies a package that is signed by a key of %s',
  async (key) => {
    const verifies = (bytes: Uint8Array) =>
      spawnSync('xmlsec1', [
        ...['--verify', '--enabled-key-data', 'x509', '--trusted-pem', trust.authoritiesFile],
        file('ours.xml', bytes),
      ]).status;
    const signed = await sign(edxml, filesOf(key));
    expect(verifies(signed)).toBe(0);
    expect(verifies(Buffer.from(Buffer.from(signed).toString().replace('cải cách', 'thay đổi')))).not.toBe(0);
  },
);

test.skipIf(!hasXmlsec)('a package that xmlsec1 signs is believed, and not when it is changed', async () => {
  const { keyFile, certificateFile } = filesOf('rsa-2048');
  const template = `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<Reference URI=""><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms>
<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>
</SignedInfo><SignatureValue/><KeyInfo><X509Data/></KeyInfo></Signature>`;
  const unsigned = file(
    'template.xml',
    edxml.toString().replace('</edXMLHeader>', `${template}</edXMLHeader>`),
  );
  const theirs = join(folder, 'theirs.xml');
  const made = spawnSync('xmlsec1', [
    ...['--sign', '--privkey-pem', `${keyFile},${certificateFile}`, '--output', theirs, unsigned],
  ]);
  expect(made.status, String(made.stderr)).toBe(0);
  const signed = readFileSync(theirs);
  expect(readPackage(signed)).toMatchObject({ ok: true, package: { signed: true } });
  expect(await check(signed)).toMatchObject({ valid: true });
  const changed = Buffer.from(signed.toString().replace('cải cách', 'thay đổi'));
  expect(await check(changed)).toMatchObject({ valid: false, fault: 'CONTENT_CHANGED' });
});
