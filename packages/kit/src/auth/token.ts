import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Refusal, refuse } from '../errors.ts';
import { field } from '../parse.ts';
import { type Caller, ROLES, type Role } from './caller.ts';

/** Turns a bearer token into a caller; refuses with UNAUTHENTICATED, or UNAVAILABLE when the issuer is away. */
export type TokenVerifier = (token: string) => Promise<Caller>;

const claims = z.object({
  sub: z.string().min(1),
  agency: field.optionalUuid.default(''),
  // An issuer's other roles mean nothing here.
  roles: z
    .array(z.string())
    .default([])
    .transform((roles) => roles.filter((role): role is Role => (ROLES as readonly string[]).includes(role))),
  exp: z.number(),
});

/** The audience (aud) a token must name. */
export const TOKEN_AUDIENCE = 'lienthong';
const REMEMBERED_TOKENS = 10_000;

/** Verifies signed JWTs (RFC 7519). A verified token is remembered until it expires: a signature check costs more than a call. */
export function tokenVerifier(keys: JWTVerifyGetKey, issuer: string): TokenVerifier {
  const remembered = new Map<string, { caller: Caller; expiresAt: number }>();
  return async (token) => {
    const known = remembered.get(token);
    if (known !== undefined && known.expiresAt > Date.now()) return known.caller;
    const verified = await verify(keys, issuer, token);
    if (remembered.size >= REMEMBERED_TOKENS) remembered.clear();
    remembered.set(token, verified);
    return verified.caller;
  };
}

async function verify(keys: JWTVerifyGetKey, issuer: string, token: string) {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: TOKEN_AUDIENCE,
      algorithms: ['EdDSA', 'Ed25519', 'ES256', 'RS256', 'PS256'],
      clockTolerance: 5,
    });
    const { sub, agency, roles, exp } = claims.parse(payload);
    return { caller: { agencyId: agency, officerId: sub, roles }, expiresAt: exp * 1000 };
  } catch (cause) {
    return refuse(refusalOf(cause), { cause });
  }
}

function refusalOf(cause: unknown): Refusal {
  if (cause instanceof errors.JWTExpired) {
    return {
      kind: 'unauthenticated',
      reason: 'TOKEN_EXPIRED',
      message: 'the token has expired; get a new one',
    };
  }
  if (cause instanceof z.ZodError || (cause instanceof errors.JOSEError && !KEYS_AWAY.includes(cause.code))) {
    return {
      kind: 'unauthenticated',
      reason: 'TOKEN_INVALID',
      message: 'the token is not one this platform accepts',
    };
  }
  return {
    kind: 'unavailable',
    reason: 'ISSUER_UNAVAILABLE',
    message: "the issuer's keys cannot be read; try again in a moment",
    retryAfterMs: 1000,
  };
}

// What a remote JWKS fails with: no answer in time, another status than 200, no JSON.
const KEYS_AWAY = ['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID'];

/** The keys at a file path, or at a URL that is read again when an unknown key turns up. */
export async function loadKeys(location: string): Promise<JWTVerifyGetKey> {
  if (/^https?:/.test(location)) return createRemoteJWKSet(new URL(location));
  return createLocalJWKSet(JSON.parse(await readFile(location, 'utf8')));
}
