import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { SystemCertificate } from '@lienthong/contracts/directory';
import { field, fingerprintOf, invalid, isUuid, refuse, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { authorityOf } from './authority.ts';
import { Certificates, certificateCommand, REGISTERS_CERTIFICATES } from './deps.ts';

const SYSTEM = /^[a-z0-9._-]{1,64}$/;
const MAX_PEM = 16 * 1024;
const MAX_PROOF_BYTES = 1024;
const MAX_DAYS = 825;
const DAY_MS = 24 * 3600 * 1000;

export const registerCertificate = certificateCommand(Certificates.registerCertificate, {
  policy: REGISTERS_CERTIFICATES,
  // An RSA signature is verified.
  cost: 5,
  request: z.object({
    agencyId: field.uuid,
    system: z.string().superRefine((text, context) => {
      // A UUID could be an officer's id.
      if (!SYSTEM.test(text) || isUuid(text))
        context.addIssue({
          code: 'custom',
          message:
            'must be 1 to 64 lower-case letters, digits, dots, hyphens and underscores, and not a UUID',
          params: { reason: 'SYSTEM_INVALID' },
        });
    }),
    certificate: z.string(),
    proof: z.instanceof(Uint8Array),
  }),
  command: ({ agencyId, system, certificate: pem, proof }, context) => {
    const { x509, key } = readCertificate(pem);
    const certificate: SystemCertificate = {
      id: uuidv7(),
      agencyId,
      system,
      fingerprint: fingerprintOf(x509),
      notBefore: x509.validFromDate,
      notAfter: x509.validToDate,
      revokedAt: undefined,
    };
    const left = x509.validToDate.getTime() - context.now.getTime();
    if (left <= 0)
      wrong('certificate', 'CERTIFICATE_EXPIRED', `expired at ${x509.validToDate.toISOString()}`);
    if (left > MAX_DAYS * DAY_MS)
      wrong('certificate', 'CERTIFICATE_TOO_LONG', `must expire within ${MAX_DAYS} days`);
    if (!isProof(proof, certificate, key))
      wrong(
        'proof',
        'PROOF_INVALID',
        'must be the signature of the certificate’s key over "lienthong certificate", agency_id, system and fingerprint, joined by line feeds',
      );
    return { kind: 'register', certificate, authority: authorityOf(context), now: context.now };
  },
});

const wrong = (field: string, reason: string, description: string): never =>
  refuse(invalid([{ field, reason, description }]));

function readCertificate(pem: string): { x509: X509Certificate; key: KeyObject } {
  try {
    if (pem.length > MAX_PEM) throw new Error('too long');
    const x509 = new X509Certificate(pem);
    const key = x509.publicKey;
    if (!isKnownKey(key)) throw new Error('another kind of key');
    return { x509, key };
  } catch {
    return wrong(
      'certificate',
      'CERTIFICATE_INVALID',
      'must be an X.509 certificate in PEM with a key on P-256 or P-384, of RSA (2048 to 4096 bits) or Ed25519',
    );
  }
}

function isKnownKey({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === 'ed25519') return true;
  if (type === 'ec') return ['prime256v1', 'secp384r1'].includes(details?.namedCurve ?? '');
  const bits = details?.modulusLength ?? 0;
  return type === 'rsa' && bits >= 2048 && bits <= 4096;
}

/** True for the signature of the certificate's key: an agency must not claim the system of another one. */
function isProof(
  proof: Uint8Array,
  { agencyId, system, fingerprint }: SystemCertificate,
  key: KeyObject,
): boolean {
  if (proof.length > MAX_PROOF_BYTES) return false;
  const text = ['lienthong certificate', agencyId, system, fingerprint].join('\n');
  return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from(text), key, proof);
}
