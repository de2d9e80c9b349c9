import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import { CertificatePurpose, type SystemCertificate } from '@lienthong/contracts/directory';
import {
  enumField,
  type FieldViolation,
  field,
  fingerprintOf,
  invalid,
  isUuid,
  refuse,
  uuidv7,
} from '@lienthong/kit';
import { z } from 'zod';
import { authorityOf } from './authority.ts';
import { Certificates, certificateCommand, REGISTERS_CERTIFICATES } from './deps.ts';

const SYSTEM = /^[a-z0-9._-]{1,64}$/;
const MAX_PEM = 16 * 1024;
const MAX_PROOF_BYTES = 1024;
/** Browsers' limit for servers; authorities issue signers' certificates for up to five years. */
const MAX_DAYS = { system: 825, signature: 1830 };
const DAY_MS = 24 * 3600 * 1000;
const Purpose = CertificatePurpose;

const request = z.object({
  agencyId: field.uuid,
  purpose: enumField(Purpose, Purpose.SYSTEM),
  system: z.string(),
  officerId: field.optionalUuid,
  certificate: z.string(),
  proof: z.instanceof(Uint8Array),
});

export const registerCertificate = certificateCommand(Certificates.registerCertificate, {
  policy: REGISTERS_CERTIFICATES,
  // An RSA signature is verified.
  cost: 5,
  request,
  rules: subjectViolations,
  command: ({ agencyId, purpose, system, officerId, certificate: pem, proof }, context) => {
    const isSystem = purpose === Purpose.SYSTEM;
    const { x509, key } = readCertificate(pem, isSystem);
    const certificate: SystemCertificate = {
      id: uuidv7(),
      agencyId,
      system,
      fingerprint: fingerprintOf(x509),
      notBefore: x509.validFromDate,
      notAfter: x509.validToDate,
      revokedAt: undefined,
      purpose,
      officerId,
      registeredAt: context.now,
    };
    const left = x509.validToDate.getTime() - context.now.getTime();
    const maxDays = MAX_DAYS[isSystem ? 'system' : 'signature'];
    if (left <= 0)
      wrong('certificate', 'CERTIFICATE_EXPIRED', `expired at ${x509.validToDate.toISOString()}`);
    if (left > maxDays * DAY_MS)
      wrong('certificate', 'CERTIFICATE_TOO_LONG', `must expire within ${maxDays} days`);
    if (!isProof(proof, certificate, key))
      wrong(
        'proof',
        'PROOF_INVALID',
        'must be the signature of the certificate’s key over "lienthong certificate", agency_id, system or officer_id, and fingerprint, joined by line feeds',
      );
    return { kind: 'register', certificate, authority: authorityOf(context), now: context.now };
  },
});

/** A system has a name, an officer's signature an officer, and the agency's signature neither. */
function subjectViolations({ purpose, system, officerId }: z.output<typeof request>): FieldViolation[] {
  const violations: FieldViolation[] = [];
  const violate = (field: string, reason: string, description: string) =>
    violations.push({ field, reason, description });
  // A UUID could be an officer's id.
  if (purpose === Purpose.SYSTEM && (!SYSTEM.test(system) || isUuid(system)))
    violate(
      'system',
      'SYSTEM_INVALID',
      'must be 1 to 64 lower-case letters, digits, dots, hyphens and underscores, and not a UUID',
    );
  if (purpose !== Purpose.SYSTEM && system !== '')
    violate('system', 'SYSTEM_INVALID', 'must be empty for signatures');
  if (purpose === Purpose.OFFICER_SIGNATURE && officerId === '')
    violate('officer_id', 'FIELD_REQUIRED', "is required for an officer's signature");
  if (purpose !== Purpose.OFFICER_SIGNATURE && officerId !== '')
    violate('officer_id', 'FIELD_NOT_ALLOWED', "must be empty, except for an officer's signature");
  return violations;
}

const wrong = (field: string, reason: string, description: string): never =>
  refuse(invalid([{ field, reason, description }]));

function readCertificate(pem: string, isSystem: boolean): { x509: X509Certificate; key: KeyObject } {
  try {
    if (pem.length > MAX_PEM) throw new Error('too long');
    const x509 = new X509Certificate(pem);
    const key = x509.publicKey;
    // Signatures of documents are not made by Ed25519.
    if (!isKnownKey(key) || (!isSystem && key.asymmetricKeyType === 'ed25519'))
      throw new Error('another kind of key');
    return { x509, key };
  } catch {
    return wrong(
      'certificate',
      'CERTIFICATE_INVALID',
      'must be an X.509 certificate in PEM with a key on P-256 or P-384, of RSA (2048 to 4096 bits) or, for a system, Ed25519',
    );
  }
}

function isKnownKey({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === 'ed25519') return true;
  if (type === 'ec') return ['prime256v1', 'secp384r1'].includes(details?.namedCurve ?? '');
  const bits = details?.modulusLength ?? 0;
  return type === 'rsa' && bits >= 2048 && bits <= 4096;
}

/** True for the signature of the certificate's key: an agency must not claim the system or signer of another one. */
function isProof(
  proof: Uint8Array,
  { agencyId, system, officerId, fingerprint }: SystemCertificate,
  key: KeyObject,
): boolean {
  if (proof.length > MAX_PROOF_BYTES) return false;
  const text = ['lienthong certificate', agencyId, system || officerId, fingerprint].join('\n');
  return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from(text), key, proof);
}
