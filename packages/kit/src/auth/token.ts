import { decodeJwt, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Refusal, RefusalError, refuse } from '../errors.ts';
import type { Claims } from './claims.ts';
import type { TrustedIssuer } from './issuer.ts';
import { KeysUnavailable } from './key-set.ts';

/** Turns a bearer token into its claims; refuses with UNAUTHENTICATED, or UNAVAILABLE when the issuer is away. */
export type TokenVerifier = (token: string) => Promise<Claims>;

export interface VerifierOptions {
  /** The longest time for which a token may be issued, in hours. */
  maxAgeHours?: number;
}

const REMEMBERED_TOKENS = 10_000;
const MAX_TOKEN_BYTES = 8 * 1024;
/** Between an issuer's clock and ours. */
const CLOCK_SKEW_S = 5;
const HOUR_S = 3600;

/**
 * Verifies signed JWTs (RFC 7519) of these issuers. A verified token is remembered until it expires or its issuer's keys
 * change: a signature check costs more than a call.
 */
export function tokenVerifier(
  issuers: readonly TrustedIssuer[],
  { maxAgeHours = 24 }: VerifierOptions = {},
): TokenVerifier {
  const byName = new Map(issuers.map((one) => [one.issuer, one]));
  const remembered = new Map<string, { claims: Claims; issuer: TrustedIssuer; revision: number }>();
  return async (token) => {
    const known = remembered.get(token);
    if (known !== undefined) {
      if (known.claims.expiresAt > Date.now() && known.revision === known.issuer.keys.revision())
        return known.claims;
      remembered.delete(token);
    }
    const issuer = issuerOf(token, byName);
    // Before the check: keys that change during it have the token checked again.
    const revision = issuer.keys.revision();
    const claims = await verify(token, issuer, maxAgeHours);
    if (remembered.size >= REMEMBERED_TOKENS) remembered.clear();
    remembered.set(token, { claims, issuer, revision });
    return claims;
  };
}

function issuerOf(token: string, issuers: ReadonlyMap<string, TrustedIssuer>): TrustedIssuer {
  if (token.length > MAX_TOKEN_BYTES) return refuse(tokenInvalid);
  try {
    return issuers.get(decodeJwt(token).iss ?? '') ?? refuse(tokenInvalid);
  } catch (cause) {
    return refuse(tokenInvalid, { cause });
  }
}

async function verify(token: string, issuer: TrustedIssuer, maxAgeHours: number): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, issuer.keys.find, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: ['EdDSA', 'Ed25519', 'ES256', 'RS256', 'PS256'],
      clockTolerance: CLOCK_SKEW_S,
      requiredClaims: ['exp'],
    });
    const now = Date.now() / 1000;
    const { exp = 0, iat = now } = payload;
    if (exp - Math.min(iat, now) > maxAgeHours * HOUR_S + CLOCK_SKEW_S) refuse(tokenTooLong(maxAgeHours));
    return issuer.claimsOf(payload);
  } catch (cause) {
    if (cause instanceof RefusalError) throw cause;
    return refuse(refusalOf(cause), { cause });
  }
}

function refusalOf(cause: unknown): Refusal {
  if (cause instanceof errors.JWTExpired) return tokenExpired;
  if (cause instanceof KeysUnavailable) return issuerUnavailable;
  if (cause instanceof z.ZodError || cause instanceof errors.JOSEError) return tokenInvalid;
  throw cause;
}

const tokenExpired: Refusal = {
  kind: 'unauthenticated',
  reason: 'TOKEN_EXPIRED',
  message: 'the token has expired; get a new one',
};

const tokenInvalid: Refusal = {
  kind: 'unauthenticated',
  reason: 'TOKEN_INVALID',
  message: 'the token is not one this platform accepts',
};

const tokenTooLong = (hours: number): Refusal => ({
  kind: 'unauthenticated',
  reason: 'TOKEN_TOO_LONG',
  message: `the token is valid for more than ${hours} hours, which is the longest accepted; get one for a shorter time`,
  metadata: { max_hours: String(hours) },
});

const issuerUnavailable: Refusal = {
  kind: 'unavailable',
  reason: 'ISSUER_UNAVAILABLE',
  message: "the issuer's keys cannot be read; try again in a moment",
  retryAfterMs: 1000,
};
