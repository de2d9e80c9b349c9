import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IssuedCertificate } from '@lienthong/testkit';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { afterAll, expect, test } from 'vitest';
import { type Algorithm, extendTrust, signCms, signPdf, verifyCms, verifyPdf } from '../src/index.ts';
import { samplePdf } from './sample-pdf.ts';
import { AGENCY, against, authority, content, NOW, signerOf } from './support.ts';

/** A Python with the package pyHanko; the PATH's when the setting is absent. */
const python = process.env.PYHANKO_PYTHON ?? 'python3';
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const hasPyhanko = spawnSync(python, ['-c', 'import pyhanko']).status === 0;
if (!hasOpenssl) console.log('skipped: no openssl on this machine');
if (!hasPyhanko) console.log('skipped: no pyHanko; PYHANKO_PYTHON names a Python that has it');

const folder = mkdtempSync(join(tmpdir(), 'lienthong-signatures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, bytes?: string | Uint8Array): string => {
  const path = join(folder, name);
  if (bytes !== undefined) writeFileSync(path, bytes);
  return path;
};
const ca = file('ca.pem', authority.certificate);
const KEYS: [Algorithm, 'rsa-2048' | 'P-256' | 'P-384'][] = [
  ['RS256', 'rsa-2048'],
  ['PS256', 'rsa-2048'],
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
];

for (const [algorithm, key] of KEYS) {
  const issued = authority.issue(AGENCY, { key });
  test.skipIf(!hasOpenssl)(
    `openssl verifies a CMS signature of ours by ${algorithm}, and refuses it for other content`,
    async () => {
      const signature = file('ours.der', await signCms([content], signerOf(issued, algorithm), NOW));
      const verify = (of: Uint8Array) =>
        spawnSync('openssl', [
          ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', signature],
          ...['-content', file('content', of), '-CAfile', ca, '-purpose', 'any'],
        ]).status;
      expect(verify(content)).toBe(0);
      expect(verify(Buffer.from('khác'))).not.toBe(0);
    },
  );

  test.skipIf(!hasOpenssl)(
    `a CMS signature of openssl by ${algorithm} is believed, and for no other content`,
    async () => {
      const options = [
        ...[
          'cms',
          '-sign',
          '-cades',
          '-binary',
          '-md',
          algorithm === 'ES384' ? 'sha384' : 'sha256',
          '-outform',
          'DER',
        ],
        ...['-in', file('content', content), '-out', file('theirs.der')],
        ...['-signer', file('cert.pem', issued.certificate), '-inkey', file('key.pem', issued.key)],
        ...(algorithm.startsWith('PS')
          ? ['-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:32']
          : []),
      ];
      execFileSync('openssl', options);
      const signature = readFileSync(file('theirs.der'));
      expect(await verifyCms(signature, [content], against)).toMatchObject({ valid: true });
      expect(await verifyCms(signature, [Buffer.from('khác')], against)).toMatchObject({
        fault: 'CONTENT_CHANGED',
      });
    },
  );
}

/** An OCSP response of openssl about a certificate that was revoked two days ago, or is good. */
function ocspOf(
  issued: IssuedCertificate,
  revoked: boolean,
  responder: IssuedCertificate = authority,
  request = ['-issuer', ca, '-cert', file('cert.pem', issued.certificate)],
): Buffer {
  const date = (days: number) =>
    `${new Date(NOW.getTime() + days * 86_400_000).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`;
  const serial = issued.serialNumber.toUpperCase();
  const row = [revoked ? 'R' : 'V', date(100), revoked ? date(-2) : '', serial, 'unknown', '/CN=x'];
  const index = file('index.txt', `${row.join('\t')}\n`);
  execFileSync(
    'openssl',
    [
      ...['ocsp', '-index', index, '-CA', ca, ...request],
      ...[
        '-rsigner',
        file('responder.pem', responder.certificate),
        '-rkey',
        file('responder.key', responder.key),
      ],
      ...['-respout', file('ocsp.der'), '-ndays', '1', '-noverify'],
    ],
    { stdio: 'ignore' },
  );
  return readFileSync(file('ocsp.der'));
}

test.skipIf(!hasOpenssl)(
  'OCSP responses of openssl count as of the date, when the authority has made them',
  async () => {
    const issued = authority.issue(AGENCY);
    const signature = await signCms([content], signerOf(issued), NOW);
    const check = async (response: Buffer, daysAgo = 0) => {
      const trust = extendTrust(against.trust, { ocspResponses: [response] });
      const verdict = await verifyCms(signature, [content], {
        trust,
        at: new Date(NOW.getTime() - daysAgo * 86_400_000),
      });
      return verdict.valid ? verdict.revocationChecked : verdict.fault;
    };
    expect(await check(ocspOf(issued, false))).toBe(true);
    expect(await check(ocspOf(issued, true))).toBe('CERTIFICATE_REVOKED');
    expect(await check(ocspOf(issued, true), 3)).toBe(true);
    const responder = authority.issue(
      { CN: 'OCSP' },
      { purposes: ['1.3.6.1.5.5.7.3.9'], keyUsage: KeyUsageFlags.digitalSignature },
    );
    expect(await check(ocspOf(issued, true, responder))).toBe('CERTIFICATE_REVOKED');
    // About another certificate, and by somebody who may not say it.
    expect(await check(ocspOf(authority.issue(AGENCY), true))).toBe(false);
    expect(await check(ocspOf(issued, true, authority.issue({ CN: 'khác' })))).toBe(false);
  },
);

test.skipIf(!hasOpenssl)('openssl reads an OCSP request of ours and responds to it', async () => {
  const issued = authority.issue(AGENCY);
  const signature = await signCms([content], signerOf(issued), NOW);
  const { ocspRequests = [] } = await verifyCms(signature, [content], against);
  const [request] = ocspRequests as [Uint8Array];
  const trust = extendTrust(against.trust, {
    ocspResponses: [ocspOf(issued, true, authority, ['-reqin', file('request.der', request)])],
  });
  const verdict = await verifyCms(signature, [content], { trust, at: NOW });
  expect(verdict).toMatchObject({ valid: false, fault: 'CERTIFICATE_REVOKED' });
});

const VERIFY = `
import sys
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
context = ValidationContext(trust_roots=[load_cert_from_pemder(sys.argv[2])])
with open(sys.argv[1], 'rb') as pdf:
    [signature] = PdfFileReader(pdf).embedded_signatures
    status = validate_pdf_signature(signature, context)
    print(status.bottom_line, status.coverage.name)
`;
const SIGN = `
import sys
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, fields
signer = signers.SimpleSigner.load(sys.argv[3], sys.argv[4])
with open(sys.argv[1], 'rb') as plain, open(sys.argv[2], 'wb') as signed:
    meta = signers.PdfSignatureMetadata(field_name=sys.argv[5], subfilter=fields.SigSeedSubFilter.PADES)
    signers.sign_pdf(IncrementalPdfFileWriter(plain), meta, signer=signer, output=signed)
`;
const run = (program: string, ...args: string[]): string =>
  execFileSync(python, ['-c', program, ...args], { encoding: 'utf8' }).trim();

test.skipIf(!hasPyhanko)(
  'pyHanko verifies a PDF that we have signed, and refuses it when it has changed',
  async () => {
    const signed = await signPdf(await samplePdf(), signerOf(authority.issue(AGENCY)), NOW);
    expect(run(VERIFY, file('ours.pdf', signed), ca)).toBe('True ENTIRE_FILE');
    const changed = Buffer.from(signed);
    const at = changed.indexOf('/CreationDate (D:2') + '/CreationDate (D:'.length;
    changed[at] = 0x33;
    expect(run(VERIFY, file('changed.pdf', changed), ca)).toBe('False ENTIRE_FILE');
  },
);

test.skipIf(!hasPyhanko)('PDFs that pyHanko has signed once and twice are believed', async () => {
  const sign = (from: string, to: string, key: string) => {
    const issued = authority.issue(AGENCY);
    run(SIGN, from, to, file(`${key}.key`, issued.key), file(`${key}.pem`, issued.certificate), key);
    return readFileSync(to);
  };
  const once = sign(file('plain.pdf', await samplePdf()), file('once.pdf'), 'NguoiKy');
  expect(await verifyPdf(once, against)).toMatchObject([{ laterBytes: 0, verdict: { valid: true } }]);
  const twice = sign(file('once.pdf'), file('twice.pdf'), 'CoQuan');
  expect(await verifyPdf(twice, against)).toMatchObject([
    { laterBytes: twice.length - once.length, verdict: { valid: true } },
    { laterBytes: 0, verdict: { valid: true } },
  ]);
});
