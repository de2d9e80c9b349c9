import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import type { Caller } from './caller.ts';
import { type IssuerSettings, TOKEN_AUDIENCE, type TrustedIssuer, trust } from './issuer.ts';
import { keySet } from './key-set.ts';

/** Signs tokens for development, tests and the demo. A real province uses its own OIDC issuer. */
export interface DevelopmentIssuer {
  readonly issuer: string;
  readonly jwks: JSONWebKeySet;
  /** For the verifier of the same process. */
  readonly trusted: TrustedIssuer;
  /** @param ttlSeconds how long the token is good for; the default is 12 hours. */
  issue(caller: Caller, ttlSeconds?: number): Promise<string>;
  /** An ID token for an application (OpenID Connect Core 1.0, 2). */
  identify(person: Identity, audience: string, ttlSeconds: number): Promise<string>;
  /** Writes the public keys and the settings for services that accept its tokens; resolves to TOKEN_ISSUERS. */
  publish(folder: string): Promise<string>;
}

/** Who has signed in to an application. */
export interface Identity {
  subject: string;
  name: string;
  /** Of the application's request. */
  nonce: string | undefined;
}

const ISSUER = 'lienthong-development';
const SETTINGS_FILE = 'issuers.json';

/**
 * With a folder, the key pair and the name of the issuer are kept there and used again; without, they live as long as
 * the process.
 */
export async function developmentIssuer(folder?: string, name?: string): Promise<DevelopmentIssuer> {
  const pair = folder === undefined ? await newPair() : await keptPair(folder);
  const issuer = name ?? (folder === undefined ? undefined : await keptName(folder)) ?? ISSUER;
  const key = await importJWK(pair.secret, 'EdDSA');
  const jwks = { keys: [pair.public] };
  // Every role: to administrators, auditors and systems by its own word, to officers as the directory has them.
  const settings: IssuerSettings = { issuer, grants: ['admin', 'auditor', 'system'] };
  const sign = (claims: JWTPayload, subject: string, audience: string, ttlSeconds: number) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'development' })
      .setSubject(subject)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + ttlSeconds)
      .sign(key);
  };
  const made: DevelopmentIssuer = {
    issuer,
    jwks,
    trusted: trust(
      settings,
      keySet(async () => jwks),
    ),
    issue: ({ agencyId, officerId, roles }, ttlSeconds = 12 * 3600) =>
      sign({ agency: agencyId, roles }, officerId, TOKEN_AUDIENCE, ttlSeconds),
    identify: ({ subject, name, nonce }, audience, ttlSeconds) =>
      sign({ name, ...(nonce !== undefined && { nonce }) }, subject, audience, ttlSeconds),
    async publish(to) {
      await place(join(to, 'jwks.json'), jwks);
      await place(join(to, SETTINGS_FILE), [{ ...settings, jwks: 'jwks.json' }]);
      return join(to, SETTINGS_FILE);
    },
  };
  if (folder !== undefined) await made.publish(folder);
  return made;
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
  const file = join(folder, 'development-key.json');
  const secret = (await readJson(file)) as JWK | undefined;
  if (secret !== undefined) {
    const { d: _, ...open } = secret;
    return { secret, public: open };
  }
  const pair = await newPair();
  await mkdir(folder, { recursive: true });
  await place(file, pair.secret, 0o600);
  return pair;
}

async function keptName(folder: string): Promise<string | undefined> {
  const kept = (await readJson(join(folder, SETTINGS_FILE))) as [IssuerSettings] | undefined;
  return kept?.[0].issuer;
}

/** Undefined when the file does not exist. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Whole or not at all, for another process that reads it meanwhile. */
async function place(file: string, content: unknown, mode?: number): Promise<void> {
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, JSON.stringify(content), { mode });
  await rename(fresh, file);
}
