import { CertificatePurpose, type SystemCertificate } from '@lienthong/contracts/directory';
import { type Claims, failure, type Refusal, type Result, success } from '@lienthong/kit';
import type { CertificateCache } from './copy.ts';

/**
 * Whose system a client's certificate shows at an instant.
 * Refusals: CERTIFICATE_UNKNOWN, CERTIFICATE_REVOKED, CERTIFICATE_NOT_YET_VALID, CERTIFICATE_EXPIRED.
 */
export function certified(
  certificates: Pick<CertificateCache, 'find'>,
  fingerprint: string,
  now: Date,
): Result<Claims> {
  const certificate = certificates.find(fingerprint);
  if (certificate === undefined || isForSignatures(certificate)) return failure(unknown);
  const { agencyId, system, notBefore, notAfter, revokedAt } = certificate;
  if (revokedAt !== undefined) return failure(revoked(revokedAt));
  if (notBefore === undefined || notAfter === undefined)
    throw new Error(`certificate ${certificate.id} has no validity`);
  if (now < notBefore) return failure(notYetValid(notBefore));
  if (now > notAfter) return failure(expired(notAfter));
  return success({
    agency: { id: agencyId },
    officerId: system,
    roles: [],
    granted: ['system'],
    agencies: undefined,
    expiresAt: notAfter.getTime(),
  });
}

/** A certificate that signs documents shows no system. */
export const isForSignatures = ({ purpose }: Pick<SystemCertificate, 'purpose'>): boolean =>
  purpose === CertificatePurpose.AGENCY_SIGNATURE || purpose === CertificatePurpose.OFFICER_SIGNATURE;

const unauthenticated = (reason: string, message: string): Refusal => ({
  kind: 'unauthenticated',
  reason,
  message,
});

const unknown = unauthenticated(
  'CERTIFICATE_UNKNOWN',
  'your certificate is not registered for a system; a leader of your agency registers it, or call without it and with a token',
);

const revoked = (at: Date): Refusal =>
  unauthenticated(
    'CERTIFICATE_REVOKED',
    `your certificate was revoked at ${at.toISOString()}; register another one`,
  );

const notYetValid = (from: Date): Refusal =>
  unauthenticated(
    'CERTIFICATE_NOT_YET_VALID',
    `your certificate is valid from ${from.toISOString()} on; use the one before until then`,
  );

const expired = (at: Date): Refusal =>
  unauthenticated(
    'CERTIFICATE_EXPIRED',
    `your certificate expired at ${at.toISOString()}; register another one`,
  );
