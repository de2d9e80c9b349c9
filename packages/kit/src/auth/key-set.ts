import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

/** The public keys of one issuer, read again in the background. */
export interface KeySet {
  /** The key that a token names. @throws KeysUnavailable, or jose's errors for a key that does not exist */
  find: JWTVerifyGetKey;
  /** Changes with every change of the keys. Starts a reading when one is due. */
  revision(): number;
}

/** The keys of an issuer cannot be read, and those read before are too old or were never read. */
export class KeysUnavailable extends Error {}

/** How old keys may be before they are read again; the longest time that a removed key is accepted. */
const REFRESH_MS = 30_000;
/** The pause after a reading, before an unknown key or a failure leads to another. */
const PAUSE_MS = 5_000;
/** How long keys are used when they cannot be read again. */
const KEEP_MS = 3_600_000;
const FETCH_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** Keys that `read` gives. Calls wait for it only while there are no keys, and for a key that is unknown. */
export function keySet(
  read: () => Promise<JSONWebKeySet>,
  now: () => number = () => performance.now(),
): KeySet {
  let keys: { find: JWTVerifyGetKey; text: string; readAt: number } | undefined;
  let revision = 0;
  let endedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let reading: Promise<void> | undefined;

  function load(): Promise<void> {
    reading ??= read()
      .then((jwks) => {
        const text = JSON.stringify(jwks);
        if (text !== keys?.text) revision += 1;
        keys = { find: text === keys?.text ? keys.find : createLocalJWKSet(jwks), text, readAt: now() };
        failure = undefined;
      })
      // Kept for the calls that need the keys: they refuse with it as their cause.
      .catch((error) => {
        failure = error;
      })
      .finally(() => {
        endedAt = now();
        reading = undefined;
      });
    return reading;
  }

  const isPaused = () => now() - endedAt < PAUSE_MS;
  function age(): void {
    if (keys === undefined) return;
    const ms = now() - keys.readAt;
    if (ms >= REFRESH_MS && !isPaused()) void load();
    if (ms < KEEP_MS) return;
    keys = undefined;
    revision += 1;
  }
  async function current(): Promise<JWTVerifyGetKey> {
    age();
    if (keys === undefined && !isPaused()) await load();
    if (keys === undefined) throw new KeysUnavailable("the issuer's keys cannot be read", { cause: failure });
    return keys.find;
  }

  return {
    async find(header, token) {
      const find = await current();
      try {
        return await find(header, token);
      } catch (error) {
        // A key that is newer than the last reading.
        if (!(error instanceof errors.JWKSNoMatchingKey) || isPaused()) throw error;
        await load();
        return (await current())(header, token);
      }
    },
    revision() {
      age();
      return revision;
    },
  };
}

/** The keys where an issuer's OpenID configuration (OpenID Connect Discovery 1.0) says that they are. */
export function discoveredKeys(issuer: string): KeySet {
  let location: string | undefined;
  return keySet(async () => {
    location ??= await discover(issuer);
    try {
      return await readKeys(location);
    } catch (error) {
      // They may have moved.
      location = undefined;
      throw error;
    }
  });
}

const configuration = z.object({ issuer: z.string(), jwks_uri: z.string() });
const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

async function discover(issuer: string): Promise<string> {
  const found = configuration.parse(
    await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`),
  );
  // Section 4.3: another issuer's configuration must not be taken for this one's.
  if (found.issuer !== issuer) throw new Error(`${issuer} calls itself ${found.issuer}`);
  return found.jwks_uri;
}

/** The keys in a file or at a URL. */
export async function readKeys(location: string): Promise<JSONWebKeySet> {
  const found = /^https?:/.test(location)
    ? await fetchJson(location)
    : JSON.parse(await readFile(location, 'utf8'));
  return jwks.parse(found) as JSONWebKeySet;
}

/** Reads JSON: in 5 seconds, of at most 256 KiB, without a redirect, and by http only from this machine. */
async function fetchJson(location: string): Promise<unknown> {
  const url = new URL(location);
  const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) throw new Error(`${location} must be https`);
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_MS),
  });
  if (!response.ok || response.body === null) throw new Error(`${location} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(`${location} has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
