import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose';
import type { Caller } from './caller.ts';
import { TOKEN_AUDIENCE } from './token.ts';

/** Signs tokens for development, tests and the demo. A real province uses its own OIDC issuer. */
export interface DevelopmentIssuer {
  readonly issuer: string;
  readonly keys: JWTVerifyGetKey;
  readonly jwks: JSONWebKeySet;
  /** @param ttlSeconds how long the token is good for; the default is 12 hours. */
  issue(caller: Caller, ttlSeconds?: number): Promise<string>;
}

const ISSUER = 'lienthong-development';

/** With a folder, the key pair is kept there and used again; without, it lives as long as the process. */
export async function developmentIssuer(folder?: string): Promise<DevelopmentIssuer> {
  const pair = folder === undefined ? await newPair() : await keptPair(folder);
  const key = await importJWK(pair.secret, 'EdDSA');
  const jwks = { keys: [pair.public] };
  return {
    issuer: ISSUER,
    jwks,
    keys: createLocalJWKSet(jwks),
    issue: (caller, ttlSeconds = 12 * 3600) =>
      new SignJWT({ agency: caller.agencyId, roles: caller.roles })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'development' })
        .setSubject(caller.officerId)
        .setIssuer(ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + ttlSeconds)
        .sign(key),
  };
}

interface Pair {
  secret: JWK;
  public: JWK;
}

async function newPair(): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const named = { kid: 'development', alg: 'EdDSA' };
  return {
    secret: { ...(await exportJWK(privateKey)), ...named },
    public: { ...(await exportJWK(publicKey)), ...named },
  };
}

async function keptPair(folder: string): Promise<Pair> {
  const secretFile = join(folder, 'development-key.json');
  try {
    const secret = JSON.parse(await readFile(secretFile, 'utf8')) as JWK;
    const { d: _, ...open } = secret;
    return { secret, public: open };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const pair = await newPair();
  await mkdir(folder, { recursive: true });
  await writeFile(`${secretFile}.new`, JSON.stringify(pair.secret), { mode: 0o600 });
  await writeFile(join(folder, 'jwks.json'), JSON.stringify({ keys: [pair.public] }));
  await rename(`${secretFile}.new`, secretFile);
  return pair;
}
