import { createPrivateKey, sign, X509Certificate } from 'node:crypto';

export interface CertifiedSystem {
  agencyId: string;
  /** The name of the system within its agency. */
  system: string;
  /** PEM. */
  certificate: string;
}

/** The `proof` of RegisterCertificate: shows that the system has the key (PEM) of its certificate. */
export function certificateProof(
  { agencyId, system, certificate }: CertifiedSystem,
  key: string | Buffer,
): Buffer {
  const fingerprint = new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase();
  const text = ['lienthong certificate', agencyId.toLowerCase(), system, fingerprint].join('\n');
  const secret = createPrivateKey(key);
  return sign(secret.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from(text), secret);
}
