import { randomUUID } from 'node:crypto';
import { nkeys } from '@nats-io/nats-core';

export type KeyPair = ReturnType<typeof nkeys.createUser>;

export interface Claims {
  name: string;
  /** The public key that this is about. */
  sub: string;
  /** Seconds since 1970. */
  iat?: number;
  exp?: number;
  nats: Readonly<Record<string, unknown>>;
}

/** A token as nats-server reads it: JWT with an Ed25519 signature by an nkey. The same claims give the same text. */
export function signJwt(claims: Claims, issuer: KeyPair): string {
  const parts = [
    { typ: 'JWT', alg: 'ed25519-nkey' },
    { ...claims, iss: issuer.getPublicKey(), ...(claims.exp && { jti: randomUUID() }) },
  ].map((part) => base64url(Buffer.from(JSON.stringify(part))));
  const text = parts.join('.');
  return `${text}.${base64url(issuer.sign(Buffer.from(text)))}`;
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** A credentials file, as clients and leaf nodes take it. */
export const toCredentials = (jwt: string, seed: string): string =>
  `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n` +
  `-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;

export function parseCredentials(text: string): { claims: Claims; seed: string } {
  const [jwt, seed] = text.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  const body = jwt?.split('.')[1];
  if (body === undefined || seed === undefined) throw new Error('this is not a credentials file of NATS');
  return { claims: JSON.parse(Buffer.from(body, 'base64url').toString()), seed };
}

export const seedOf = (pair: KeyPair): string => Buffer.from(pair.getSeed()).toString();
export const pairOf = (seed: string): KeyPair => nkeys.fromSeed(Buffer.from(seed));
