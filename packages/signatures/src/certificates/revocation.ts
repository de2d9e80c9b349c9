/** What an authority states of one certificate, in a CRL or an OCSP response. */
export interface Statement {
  /** undefined: it is not revoked. */
  revokedAt: Date | undefined;
  thisUpdate: Date;
  nextUpdate: Date | undefined;
}

/**
 * Whether a certificate was revoked at a time; undefined when the statement does not cover the time. A revocation counts
 * also when the statement has run out: it does not end. That there was none counts until the next update; without one it
 * counts until the statement was made.
 */
export function isRevokedAt(
  { revokedAt, thisUpdate, nextUpdate = thisUpdate }: Statement,
  at: Date,
): boolean | undefined {
  if (revokedAt !== undefined && revokedAt <= at) return true;
  return at <= nextUpdate ? false : undefined;
}
