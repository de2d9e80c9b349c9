import {
  CertificateTrust,
  type SignatureCheck,
  SignatureFormat,
  SignatureRole,
} from '@lienthong/contracts/routing';
import type { LearnedVerdict } from './learn.ts';
import { keyOf } from './responder.ts';

/** OCSP responses that are kept with a document; usually one has less than 2 KiB. */
const MAX_RESPONSE_BYTES = 64 * 1024;

const TRUST = { AUTHORITY: CertificateTrust.AUTHORITY, REGISTRATION: CertificateTrust.REGISTRATION };

/** A verdict as documents record it; of a signature inside a PDF, unless its format and role are replaced. */
export const toCheck = ({ verdict, laterBytes, ocspResponses }: LearnedVerdict): SignatureCheck => ({
  format: SignatureFormat.PADES,
  role: SignatureRole.UNSPECIFIED,
  attachmentSha256: '',
  valid: verdict.valid,
  fault: verdict.valid ? '' : verdict.fault,
  detail: verdict.valid ? '' : verdict.detail,
  certificate: verdict.certificate && {
    commonName: verdict.certificate.commonName,
    subject: verdict.certificate.subject,
    issuer: verdict.certificate.issuer,
    serialNumber: verdict.certificate.serialNumber,
    fingerprint: verdict.certificate.fingerprint,
    identifiers: [...verdict.certificate.identifiers],
  },
  signedAt: verdict.signedAt,
  revocationChecked: verdict.valid && verdict.revocationChecked,
  trustedBy: verdict.valid ? TRUST[verdict.trustedBy] : CertificateTrust.UNSPECIFIED,
  laterBytes,
  ocspResponses: [...ocspResponses],
});

/** Each response once, and no more than a document can carry to thousands of recipients. */
export function withFewResponses(checks: readonly SignatureCheck[]): SignatureCheck[] {
  const kept = new Set<string>();
  let left = MAX_RESPONSE_BYTES;
  const keep = (response: Uint8Array): boolean => {
    const key = keyOf(response);
    if (kept.has(key) || response.length > left) return false;
    kept.add(key);
    left -= response.length;
    return true;
  };
  return checks.map((check) => ({ ...check, ocspResponses: check.ocspResponses.filter(keep) }));
}
