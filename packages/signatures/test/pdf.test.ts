import { signingAuthority } from '@lienthong/testkit';
import { beforeAll, expect, test } from 'vitest';
import { PdfNotSignable, type Signer, signPdf, verifyPdf } from '../src/index.ts';
import { samplePdf } from './sample-pdf.ts';
import { signAgain } from './sign-again.ts';
import { AGENCY, against, authority, NOW, signerOf } from './support.ts';

const seal = signerOf(authority.issue(AGENCY));
let plain: Buffer;
let signed: Buffer;
beforeAll(async () => {
  plain = await samplePdf();
  signed = await signPdf(plain, seal, NOW);
});

const faultsOf = async (file: Uint8Array) =>
  (await verifyPdf(file, against)).map(({ verdict }) => (verdict.valid ? 'valid' : verdict.fault));

test('a signature is added behind the file, and covers all of it', async () => {
  expect(signed.subarray(0, plain.length).equals(plain)).toBe(true);
  expect(await verifyPdf(signed, against)).toMatchObject([
    { laterBytes: 0, verdict: { valid: true, certificate: { commonName: AGENCY.CN } } },
  ]);
  expect(await verifyPdf(plain, against)).toEqual([]);
});

test('no changed byte of what is signed is believed, and one of the signature changes nothing that it says', async () => {
  const contents = signed.indexOf('/Contents <') + '/Contents '.length;
  const end = signed.indexOf('>', contents);
  const original = await verifyPdf(signed, against);
  for (let at = 0; at < signed.length; at += 101) {
    const changed = Buffer.from(signed);
    changed[at] = (changed[at] as number) ^ 1;
    const [verdict, ...others] = await verifyPdf(changed, against);
    // The padding, fields around what is signed, and the encoding of names.
    if (verdict?.verdict.valid && at > contents && at < end)
      expect([verdict, ...others], `byte ${at}`).toEqual(original);
    else expect(verdict?.verdict.valid, `byte ${at}`).not.toBe(true);
  }
});

test('what is added after the last signature is named', async () => {
  const added = Buffer.concat([signed, Buffer.from('\n9 0 obj\n<< /Type /Page >>\nendobj\n')]);
  expect(await verifyPdf(added, against)).toMatchObject([
    { laterBytes: added.length - signed.length, verdict: { valid: false, fault: 'CHANGED_AFTER_SIGNING' } },
  ]);
});

test('a later signature covers an earlier one only when it is valid itself', async () => {
  const stranger = signerOf(signingAuthority().issue(AGENCY));
  const second = (signer: Signer) => signAgain(plain, signed, signer);
  expect(await faultsOf(await second(seal))).toEqual(['valid', 'valid']);
  expect(await faultsOf(await second(stranger))).toEqual(['CHANGED_AFTER_SIGNING', 'CERTIFICATE_UNTRUSTED']);
});

test('a byte range must leave out the signature alone', async () => {
  const [, ...numbers] = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/.exec(signed.toString('latin1')) ?? [];
  const [, first, second, last] = numbers.map(Number) as [number, number, number, number];
  const pad = (n: number) => String(n).padStart(10, '0');
  const withRange = (...of: [string, number, number, number]) => {
    const text = `/ByteRange [${of[0]} ${of
      .slice(1)
      .map((n) => pad(n as number))
      .join(' ')}]`;
    return Buffer.from(signed.toString('latin1').replace(/\/ByteRange \[[^\]]*\]/, text), 'latin1');
  };
  for (const range of [
    ['1', first, second, last],
    ['0', first - 5, second, last],
    ['0', first, second + 5, last - 5],
    ['0', first, second, last + 1],
    ['0', 0, 0, last],
  ] as [string, number, number, number][])
    expect(await faultsOf(withRange(...range))).toEqual(['SIGNED_RANGE_WRONG']);
});

test('bytes of any kind have a verdict, in time that grows with the file alone', async () => {
  expect(await faultsOf(Buffer.alloc(0))).toEqual([]);
  expect(await faultsOf(Buffer.from('/ByteRange [0 0 0 0]'))).toEqual(['SIGNED_RANGE_WRONG']);
  expect(await faultsOf(Buffer.from('/ByteRange [0 1 2 3]'.repeat(100_000)))).toEqual(['SIGNED_RANGE_WRONG']);
});

test('the place of a signature is bounded: the file cannot be its own signature', async () => {
  const size = 4 * 1024 * 1024;
  const file = Buffer.alloc(size, '0');
  file.write(`${`/ByteRange [0 100 ${size - 100} 100]`.padEnd(100)}<`, 'latin1');
  file.write('>', size - 101);
  expect(await faultsOf(file)).toEqual(['SIGNED_RANGE_WRONG']);
});

test('a file of another structure is not signed', async () => {
  await expect(signPdf(Buffer.from('%PDF-1.7'), seal, NOW)).rejects.toThrow(PdfNotSignable);
  await expect(signPdf(signed, seal, NOW)).rejects.toThrow(/form already/);
});
