import { createPrivateKey, sign, X509Certificate } from 'node:crypto';

export interface Certified {
  agencyId: string;
  /** The name of the system within its agency; absent for signatures. */
  system?: string;
  /** The officer of a signature; absent for a system, and for the agency's signature. */
  officerId?: string;
  /** PEM. */
  certificate: string;
}

/** The `proof` of RegisterCertificate: shows that the system or signer has the key (PEM) of its certificate. */
export function certificateProof(
  { agencyId, system = '', officerId = '', certificate }: Certified,
  key: string | Buffer,
): Buffer {
  const fingerprint = new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase();
  const text = [
    'lienthong certificate',
    agencyId.toLowerCase(),
    system || officerId.toLowerCase(),
    fingerprint,
  ].join('\n');
  const secret = createPrivateKey(key);
  return sign(secret.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from(text), secret);
}
