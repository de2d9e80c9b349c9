/** What an authority states of one certificate, in a CRL or an OCSP response. */
export interface Statement {
  /** undefined: it is not revoked. */
  revokedAt: Date | undefined;
  thisUpdate: Date;
  nextUpdate: Date | undefined;
}

/** The clocks of an authority and of this machine may differ by this much. */
export const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Whether a certificate was revoked at a time; undefined when the statement does not cover the time. A revocation counts
 * also when the statement has run out: it does not end. That there was none counts until the next update; without one it
 * counts until the statement was made, by a clock that may be slow.
 */
export function isRevokedAt(statement: Statement, at: Date): boolean | undefined {
  const { revokedAt } = statement;
  if (revokedAt !== undefined && revokedAt <= at) return true;
  return at.getTime() <= endOf(statement) ? false : undefined;
}

/** When a newer statement is to be had; in ms. */
export const endOf = ({
  thisUpdate,
  nextUpdate,
}: {
  thisUpdate: Date;
  nextUpdate?: Date | undefined;
}): number => nextUpdate?.getTime() ?? thisUpdate.getTime() + CLOCK_SKEW_MS;
