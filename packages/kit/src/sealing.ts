import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { z } from 'zod';
import { parseKeys } from './keys.ts';

/** Keeps short secrets (contacts, signing keys) sealed in tables, AES-256-GCM (NIST SP 800-38D), and finds them again. */
export interface Sealer {
  /**
   * @param belongsTo the row and column it is kept in, for example `contact/<officer id>/email`; a sealed text moved to
   * another row does not open.
   */
  seal(text: string, belongsTo: string): string;
  /** @throws SealingError when it was altered, belongs to another row, or its key is missing. */
  open(sealed: string, belongsTo: string): string;
  /** True when it was sealed with another key than the first; a worker that finds one reseals it. */
  isOutdated(sealed: string): boolean;
  /**
   * A digest of a text with the first key (HMAC-SHA-256, 128 bits), to be kept beside the sealed text and to find it.
   * Nobody without the key can find the text by trying all numbers.
   * @param purpose equal texts for different purposes have different digests
   */
  digest(text: string, purpose: string): string;
  /** The digests with all keys: until everything is resealed a text may be kept with any. */
  digests(text: string, purpose: string): string[];
  /** The id of the first key, which seals; a sealed text begins `s1.<key id>.`. */
  readonly keyId: string;
}

/** Its message never contains the text itself. */
export class SealingError extends Error {
  override readonly name = 'SealingError';
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const DIGEST_BYTES = 16;
const SEALED = /^s1\.([a-z0-9-]{1,16})\.([A-Za-z0-9_-]+)$/;

/**
 * A nonce is random, so one key is good for 2³² texts (SP 800-38D, 8.3); replace it long before.
 *
 * @param keys `id:base64,id:base64`, 32 bytes each; the first seals, all open.
 * @throws Error that names the key by its place or id, never its bytes.
 */
export function createSealer(keys: string): Sealer {
  const parsed = parseKeys(keys);
  if (!parsed.ok) throw new Error(parsed.problem);
  const { first, all } = parsed;
  return {
    digest: (text, purpose) => digestWith(first.key, text, purpose),
    digests: (text, purpose) => [...all.values()].map((key) => digestWith(key, text, purpose)),
    seal(text, belongsTo) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, first.key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(context(first.id, belongsTo));
      const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `s1.${first.id}.${body.toString('base64url')}`;
    },
    open(sealed, belongsTo) {
      const { keyId, body } = take(sealed);
      const key = all.get(keyId);
      if (key === undefined)
        throw new SealingError(`sealed with the key "${keyId}", which is not among the sealing keys`);
      const decipher = createDecipheriv(ALGORITHM, key, body.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(context(keyId, belongsTo));
      decipher.setAuthTag(body.subarray(-TAG_BYTES));
      try {
        const text = decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        // Without the library's error as cause: it adds nothing, and another version might put secrets into it.
        throw new SealingError(
          'the sealed text was altered, belongs to another row, or its key has other bytes',
        );
      }
    },
    isOutdated: (sealed) => take(sealed).keyId !== first.id,
    keyId: first.id,
  };
}

/** The text, or undefined when no key opens it: a lost key of one row must not stop the others. */
export function tryOpen(sealer: Sealer, sealed: string, belongsTo: string): string | undefined {
  try {
    return sealer.open(sealed, belongsTo);
  } catch (error) {
    if (error instanceof SealingError) return undefined;
    throw error;
  }
}

/** The same text sealed with the first key; unchanged when it already is; undefined when no key opens it. */
export function reseal(sealer: Sealer, sealed: string, belongsTo: string): string | undefined {
  try {
    return sealer.isOutdated(sealed) ? sealer.seal(sealer.open(sealed, belongsTo), belongsTo) : sealed;
  } catch (error) {
    if (error instanceof SealingError) return undefined;
    throw error;
  }
}

/** The setting `LIENTHONG_SEALING_KEYS` of the services that keep secrets; gives the sealer. */
export const sealingKeys = z
  .string()
  .transform((text, context): Sealer => {
    const parsed = parseKeys(text);
    if (parsed.ok) return createSealer(text);
    context.addIssue({ code: 'custom', message: parsed.problem });
    return z.NEVER;
  })
  .describe(
    'keys for secrets at rest: "id:base64 of 32 bytes", separated by commas; the first seals, all open',
  );

function take(sealed: string): { keyId: string; body: Buffer } {
  const [, keyId, encoded] = SEALED.exec(sealed) ?? [];
  const body = Buffer.from(encoded ?? '', 'base64url');
  if (keyId === undefined || body.length < NONCE_BYTES + TAG_BYTES)
    throw new SealingError('this is not a sealed text');
  return { keyId, body };
}

const hmac = (key: KeyObject, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Each purpose has a key of its own; a sealing key never makes a digest itself. */
const digestWith = (key: KeyObject, text: string, purpose: string): string =>
  hmac(createSecretKey(hmac(key, `lienthong digest\0${purpose}`)), text)
    .subarray(0, DIGEST_BYTES)
    .toString('base64url');

/** The place that a text is bound to; hashed, because it may have any length. */
const context = (keyId: string, belongsTo: string): Buffer =>
  createHash('sha256').update(`lienthong s1\0${keyId}\0${belongsTo}`).digest();
