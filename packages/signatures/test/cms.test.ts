import { X509Certificate } from 'node:crypto';
import { signingAuthority } from '@lienthong/testkit';
import { expect, test } from 'vitest';
import {
  type Algorithm,
  keySigner,
  readTrust,
  signCms,
  signJws,
  type Verdict,
  verifyCms,
  verifyJws,
} from '../src/index.ts';
import { AGENCY, against, authority, content, NOW, signerOf } from './support.ts';

const faultOf = (verdict: Verdict) => (verdict.valid ? 'valid' : verdict.fault);
const seal = authority.issue(AGENCY);
const others = Buffer.from('Quyết định số 13/QĐ-UBND');

const KEYS: [Algorithm, 'rsa-2048' | 'P-256' | 'P-384'][] = [
  ['RS256', 'rsa-2048'],
  ['RS512', 'rsa-2048'],
  ['PS256', 'rsa-2048'],
  ['PS384', 'rsa-2048'],
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
];
for (const [algorithm, key] of KEYS)
  test(`a CMS and a JWS signature by ${algorithm} are believed, and for no other content`, async () => {
    const signer = signerOf(authority.issue(AGENCY, { key }), algorithm);
    for (const [sign, verify] of [
      [() => signCms([content], signer, NOW), (s: Buffer, c: Buffer) => verifyCms(s, [c], against)],
      [() => signJws(content, signer, NOW), (s: Buffer, c: Buffer) => verifyJws(s, c, against)],
    ] as const) {
      const signature = await sign();
      const seconds = new Date(Math.floor(NOW.getTime() / 1000) * 1000);
      expect(await verify(signature, content)).toMatchObject({
        valid: true,
        revocationChecked: false,
        signedAt: seconds,
        certificate: { commonName: AGENCY.CN, identifiers: ['H61.29542'] },
      });
      expect(faultOf(await verify(signature, others))).toBe('CONTENT_CHANGED');
    }
  });

test('an ECDSA signature of a JWS is as long as its curve, whatever the numbers', async () => {
  const signer = signerOf(seal);
  for (let n = 0; n < 300; n += 1) {
    const some = Buffer.from(`văn bản ${n}`);
    expect(await verifyJws(await signJws(some, signer, NOW), some, against)).toMatchObject({ valid: true });
  }
});

test('a changed byte ends a signature, or changes nothing that it says; none makes the check throw', async () => {
  for (const [signature, verify] of [
    [await signCms([content], signerOf(seal), NOW), (s: Buffer) => verifyCms(s, [content], against)],
    [await signJws(content, signerOf(seal), NOW), (s: Buffer) => verifyJws(s, content, against)],
  ] as const) {
    const original = await verify(signature);
    let believed = 0;
    for (let at = 0; at < signature.length; at += 2) {
      const changed = Buffer.from(signature);
      changed[at] = (changed[at] as number) ^ 0x21;
      const verdict = await verify(changed);
      if (!verdict.valid) continue;
      // Fields around what is signed, such as the version of the message, and the encoding of names.
      expect(verdict, `byte ${at}`).toEqual(original);
      believed += 1;
    }
    expect(believed).toBeLessThan(signature.length / 20);
    for (let length = 0; length < signature.length; length += 29)
      expect((await verify(signature.subarray(0, length))).valid).toBe(false);
  }
});

test('bytes of any kind have a verdict', async () => {
  const nested = Buffer.concat([Buffer.from('3080'.repeat(20_000), 'hex')]);
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('e30..'),
    Buffer.from('e30..e30'),
    nested,
    Buffer.alloc(65_537, 48),
  ])
    for (const verdict of [
      await verifyCms(bytes, [content], against),
      await verifyJws(bytes, content, against),
    ])
      expect(['SIGNATURE_MALFORMED', 'SIGNATURE_TOO_LARGE']).toContain(faultOf(verdict));
});

test('what a stranger writes of himself comes without characters that a database refuses', async () => {
  const CN = 'UBND\0 xã\u202e';
  const { certificate, ...stranger } = signingAuthority().issue({ CN });
  const signer = signerOf({ certificate, ...stranger });
  for (const verdict of [
    await verifyCms(await signCms([content], signer, NOW), [content], against),
    await verifyJws(await signJws(content, signer, NOW), content, against),
    await verifyJws(Buffer.from(`${Buffer.from('\0').toString('base64url')}..AA`), content, against),
  ])
    expect(JSON.stringify(verdict)).not.toMatch(/\\u|[\p{Cc}\p{Cf}\p{Cs}]/u);
  const verdict = await verifyCms(await signCms([content], signer, NOW), [content], against);
  expect(verdict.certificate?.commonName).toBe('UBND\ufffd xã\ufffd');
});

/** The seal with other bytes, trusted itself because its authority has not signed those. */
function changedSeal(change: (hex: string) => string) {
  const [line = ''] = /[^-]{100,}/.exec(seal.certificate) ?? [];
  const der = change(Buffer.from(line, 'base64').toString('hex'));
  const certificate = seal.certificate.replace(line, `\n${Buffer.from(der, 'hex').toString('base64')}\n`);
  return { der, issued: { ...seal, certificate }, trust: { authorities: certificate } };
}

test('a certificate is read as its authority has signed it, also when that is not exact DER', async () => {
  // "critical: false" is left out in DER.
  const { der, issued, trust } = changedSeal((hex) => hex.replace('0603551d0f0101ff', '0603551d0f010100'));
  const signature = await signCms([content], signerOf(issued), NOW);
  expect(signature.toString('hex')).toContain(der);
  const verdict = await verifyCms(signature, [content], { trust: readTrust(trust), at: NOW });
  expect(verdict).toMatchObject({ valid: true });
});

test('a certificate without a validity is refused', async () => {
  const { trust } = changedSeal((hex) => hex.replace(/170d\d{24}5a/, `170d${'61'.repeat(12)}5a`));
  expect(() => readTrust(trust)).toThrow(/validity/);
});

test('a CMS signature that names no certificate in the attribute for it is refused', async () => {
  const signature = await signCms([content], signerOf(seal), NOW);
  // SEQUENCE { SEQUENCE { SEQUENCE { certHash } } } becomes an empty list, and a policy as long as the rest.
  const named = signature.toString('hex').replace('3026302430220420', '3026300004220420');
  expect(named).not.toBe(signature.toString('hex'));
  expect(await verifyCms(Buffer.from(named, 'hex'), [content], against)).toMatchObject({
    fault: 'SIGNATURE_MALFORMED',
    detail: 'the signing certificate is not named',
  });
});

test('a time of signing that is not a time has a verdict', async () => {
  const x5c = [Buffer.from(new X509Certificate(seal.certificate).raw).toString('base64')];
  for (const iat of [1e300, -1e300, 1e12, -1]) {
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', x5c, iat })).toString('base64url');
    const verdict = await verifyJws(Buffer.from(`${header}..AA`), content, against);
    expect([faultOf(verdict), verdict.signedAt]).toEqual(['SIGNATURE_MALFORMED', undefined]);
  }
});

test('a CMS signature that brings its own content is refused: the content beside it would not count', async () => {
  const signature = await signCms([content], signerOf(seal), NOW);
  const encoded = '300b06092a864886f70d010701';
  expect(signature.toString('hex')).toContain(encoded);
  const attached = signature.toString('hex').replace(encoded, '300f06092a864886f70d010701a0020400');
  expect(faultOf(await verifyCms(Buffer.from(attached, 'hex'), [content], against))).toBe(
    'SIGNATURE_MALFORMED',
  );
});

test('keys that are too weak or of another kind are refused', async () => {
  for (const key of ['rsa-1024', 'P-521'] as const) {
    const signer = signerOf(authority.issue(AGENCY, { key }), key === 'P-521' ? 'ES256' : 'RS256');
    expect(faultOf(await verifyCms(await signCms([content], signer, NOW), [content], against))).toBe(
      'ALGORITHM_REFUSED',
    );
  }
});

test('a JWS of an algorithm without certificates is refused', async () => {
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  expect(faultOf(await verifyJws(Buffer.from(`${header}..AA`), content, against))).toBe(
    'SIGNATURE_MALFORMED',
  );
  const { certificates, ...signer } = signerOf(seal);
  const hmac = await signJws(content, { ...signer, certificates, algorithm: 'HS256' as Algorithm }, NOW);
  expect(faultOf(await verifyJws(hmac, content, against))).toBe('ALGORITHM_REFUSED');
});

test('a key that is not that of the certificate is refused when it is read', () => {
  const { certificate } = seal;
  expect(() => keySigner({ key: authority.issue(AGENCY).key, certificates: certificate })).toThrow(
    /first certificate/,
  );
  expect(() => readTrust({ authorities: 'no certificate' })).toThrow(/no PEM certificate/);
});
