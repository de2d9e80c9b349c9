import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { refuse } from '../errors.ts';
import { type Principal, ROLES } from './principal.ts';

/** Turns a bearer token into a principal; refuses with UNAUTHENTICATED. */
export type TokenVerifier = (token: string) => Promise<Principal>;

const claims = z.object({
  sub: z.string().min(1),
  agency: z.string().default(''),
  roles: z.array(z.enum(ROLES)).default([]),
  exp: z.number(),
});

/** The audience (aud) a token must name. */
export const TOKEN_AUDIENCE = 'lienthong';
const REMEMBERED_TOKENS = 10_000;

/** Verifies signed JWTs (RFC 7519). A verified token is remembered until it expires: a signature check costs more than a call. */
export function tokenVerifier(keys: JWTVerifyGetKey, issuer: string): TokenVerifier {
  const remembered = new Map<string, { principal: Principal; expiresAt: number }>();
  return async (token) => {
    const known = remembered.get(token);
    if (known !== undefined && known.expiresAt > Date.now()) return known.principal;
    const verified = await verify(keys, issuer, token);
    if (remembered.size >= REMEMBERED_TOKENS) remembered.clear();
    remembered.set(token, verified);
    return verified.principal;
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
    return { principal: { agencyId: agency, officerId: sub, roles }, expiresAt: exp * 1000 };
  } catch (cause) {
    const expired = cause instanceof errors.JWTExpired;
    return refuse(
      {
        kind: 'unauthenticated',
        reason: expired ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID',
        message: expired
          ? 'the token has expired; get a new one'
          : 'the token is not one this platform accepts',
      },
      { cause },
    );
  }
}

/** The keys at a file path or an https URL. */
export async function loadKeys(location: string): Promise<JWTVerifyGetKey> {
  if (/^https?:/.test(location)) return createRemoteJWKSet(new URL(location));
  return createLocalJWKSet(JSON.parse(await readFile(location, 'utf8')));
}
