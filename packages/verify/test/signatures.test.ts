import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keySigner, signDocument } from '@lienthong/client/sign';
import { encodeEvent } from '@lienthong/contracts/events';
import {
  CertificateTrust,
  type DeepPartial,
  Document,
  type SignatureCheck,
  SignatureFormat,
  SignatureRole,
  SignatureVerdict,
} from '@lienthong/contracts/routing';
import { evidenceFile, type LoggedEntry } from '@lienthong/evidence';
import { type IssuedCertificate, signingAuthority } from '@lienthong/testkit';
import { proveInclusion } from '@lienthong/transparency-log';
import { afterAll, expect, test } from 'vitest';
import { exportOf, keysOf, logOf, nodesOf, rowOf, rowsOf } from '../../evidence/test/log.ts';
import { forgeOcsp } from '../../signatures/test/forge.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-verify-signed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const LEAF = 3;
const authority = signingAuthority();
const chairman = authority.issue({ CN: 'Nguyễn Văn A' });
const seal = authority.issue(
  { CN: 'UBND xã Tân Hòa', organizationIdentifier: 'H61.29542' },
  { key: 'rsa-2048' },
);
const keys = keysOf();
const policy = file(
  'policy',
  `log ${keys.log.verifierKey}\nwitness tt ${keys.witness.verifierKey}\nquorum tt\n`,
);
const signers = file('ca.pem', authority.certificate);

const signerOf = ({ key, certificate }: IssuedCertificate) => keySigner({ key, certificates: certificate });

/** The files that a log gives out whose document was signed, and changed by somebody before it was issued. */
async function filesOf(name: string, change: Partial<Document> = {}): Promise<string[]> {
  const { id: documentId, ...fields } = Document.fromPartial({
    id: '01990000-0000-7000-8000-000000000002',
    issuerId: '01990000-0000-7000-8000-000000000003',
    number: '12',
    notation: 'QĐ-UBND',
    subject: 'Quyết định',
    promulgatedOn: '2026-01-05',
    urgency: 1,
    steering: 1,
    businessKind: 1,
    issuedAt: new Date('2026-01-05T01:40:00Z'),
  });
  const { signatures } = await signDocument(fields, {
    issuerId: fields.issuerId,
    by: [
      { role: SignatureRole.COMPETENT_PERSON, format: SignatureFormat.CMS, signer: signerOf(chairman) },
      { role: SignatureRole.AGENCY, format: SignatureFormat.JWS, signer: signerOf(seal) },
    ],
  });
  const document = { ...fields, id: documentId, signatures, ...change };
  const rows = rowsOf(20);
  const row = rowOf(LEAF, Buffer.from(encodeEvent('lienthong.routing.v1.DocumentIssued', { document })));
  Object.assign(row.record, { documentId });
  rows[LEAF] = row;
  const log = logOf(rows, keys);
  const proof = await proveInclusion(nodesOf(log.hashes), LEAF, rows.length);
  const entries = [{ ...(rows[LEAF] as LoggedEntry), proof }];
  return [
    file(`${name}.json`, evidenceFile({ subject: { documentId }, checkpoint: log.checkpoint, entries })),
    file(`${name}.jsonl`, (await exportOf(log)).join('')),
  ];
}

function run(...args: readonly string[]) {
  const program = join(import.meta.dirname, '../../cli/src/main.ts');
  const result = join(folder, 'result.json');
  rmSync(result, { force: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'verify', ...args, '--policy', policy, '--json', result],
    { encoding: 'utf8' },
  );
  return {
    status,
    out: stdout + stderr,
    json: status === 2 ? {} : JSON.parse(readFileSync(result, 'utf8')),
  };
}

test('the signatures of a document are checked from an evidence file or an export alone', async () => {
  for (const signed of await filesOf('good')) {
    const { status, out, json } = run(signed, '--signers', signers);
    expect(status, out).toBe(0);
    expect(out).toContain(
      'Chữ ký số của người có thẩm quyền / signature of the competent person: CN=Nguyễn Văn A',
    );
    expect(json.signatures).toMatchObject([
      { leaf: LEAF, role: 'COMPETENT_PERSON', certificate: { commonName: 'Nguyễn Văn A' } },
      { leaf: LEAF, role: 'AGENCY', certificate: { identifiers: ['H61.29542'] } },
    ]);
  }
});

test('without authorities they are named, and not believed', async () => {
  for (const signed of await filesOf('unchecked')) {
    const { status, out, json } = run(signed);
    expect(status, out).toBe(0);
    expect(out).toContain('chưa kiểm tra');
    expect(json.signatures).toEqual([
      expect.not.objectContaining({ certificate: expect.anything() }),
      expect.not.objectContaining({ certificate: expect.anything() }),
    ]);
  }
});

test('a signature of other content names its leaf, although the log has the document', async () => {
  for (const signed of await filesOf('changed', { subject: 'Quyết định khác' }))
    expect(run(signed, '--signers', signers)).toMatchObject({
      status: 1,
      json: { ok: false, reason: 'SIGNATURE_INVALID', leaf: LEAF },
    });
});

test('signers of another authority, and revoked ones, are not believed', async () => {
  const [signed = ''] = await filesOf('revoked');
  const other = file('other.pem', signingAuthority().certificate);
  expect(run(signed, '--signers', other)).toMatchObject({ status: 1, json: { reason: 'SIGNATURE_INVALID' } });
  const at = new Date('2026-01-01T00:00:00Z');
  const crl = file('crl.pem', authority.crl([{ serialNumber: seal.serialNumber, at }]));
  const { out, status } = run(signed, '--signers', signers, '--signers-crl', crl);
  expect(status).toBe(1);
  expect(out).toContain('CERTIFICATE_REVOKED');
});

/** A verdict with what the platform found of the signatures by certificates that they name. */
const verdictOf = (...checks: DeepPartial<SignatureCheck>[]): Partial<Document> => ({
  signatureVerdict: SignatureVerdict.fromPartial({ checks }),
});
const registered = (certificate: string): DeepPartial<SignatureCheck> => ({
  trustedBy: CertificateTrust.REGISTRATION,
  certificate: {
    fingerprint: new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase(),
  },
});

test('registered signers are believed only by a reader who says so, and only their own signatures', async () => {
  const other = file('other.pem', signingAuthority().certificate);
  const both = verdictOf(registered(chairman.certificate), registered(seal.certificate));
  for (const signed of await filesOf('registered', both)) {
    const refused = run(signed, '--signers', other);
    expect(refused).toMatchObject({ status: 1, json: { reason: 'SIGNATURE_INVALID' } });
    expect(refused.out).toContain('--registered-signers');
    const { status, out, json } = run(signed, '--signers', other, '--registered-signers');
    expect(status, out).toBe(0);
    expect(out).toContain('only registered in the directory');
    expect(json.signatures).toMatchObject([{ trustedBy: 'REGISTRATION' }, { trustedBy: 'REGISTRATION' }]);
  }
  const swapped = verdictOf(registered(seal.certificate), registered(seal.certificate));
  const [wrong = ''] = await filesOf('swapped', swapped);
  expect(run(wrong, '--signers', other, '--registered-signers').status).toBe(1);
  expect(run(wrong, '--registered-signers').status).toBe(2);
});

test('the OCSP responses that the platform has recorded count, when the authority has signed them', async () => {
  const revokedAt = new Date('2026-01-01T00:00:00Z');
  const recorded = (by: IssuedCertificate) =>
    verdictOf({}, { ocspResponses: [forgeOcsp(seal, { by: authority, responder: by, revokedAt })] });
  const [revoked = ''] = await filesOf('ocsp-revoked', recorded(authority));
  const { status, out } = run(revoked, '--signers', signers);
  expect({ status, out }).toMatchObject({ status: 1, out: expect.stringContaining('CERTIFICATE_REVOKED') });
  const [forged = ''] = await filesOf('ocsp-forged', recorded(signingAuthority()));
  expect(run(forged, '--signers', signers).status).toBe(0);
});

test('an OCSP response that cannot be read names its leaf', async () => {
  const [signed = ''] = await filesOf('ocsp', verdictOf({ ocspResponses: [Buffer.from('khác')] }));
  const { status, json } = run(signed, '--signers', signers);
  expect({ status, json }).toMatchObject({ status: 1, json: { reason: 'SIGNATURE_INVALID', leaf: LEAF } });
});

test('authorities that cannot be read end the check', async () => {
  const [signed = ''] = await filesOf('none');
  expect(run(signed, '--signers', policy).status).toBe(2);
  expect(run(signed, '--signers', '/khong-co').status).toBe(2);
  expect(run(signed, '--signers-crl', signers).status).toBe(2);
});
