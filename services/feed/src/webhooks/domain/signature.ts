import { createHmac } from 'node:crypto';

/**
 * Signatures of Standard Webhooks 1.0 (symmetric, "v1"): a receiver checks them with any library of that specification.
 */
export const SECRET_PREFIX = 'whsec_';
/** Within the 24 to 64 bytes of the specification. */
export const SECRET_BYTES = 32;
/** How long the secret before the last rotation signs too. */
export const ROTATION_MS = 24 * 3_600_000;

export interface Secrets {
  current: string;
  /** Signs too until `previousUntil`. */
  previous?: string | undefined;
  previousUntil?: Date | undefined;
}

export const secretOf = (bytes: Uint8Array): string =>
  `${SECRET_PREFIX}${Buffer.from(bytes).toString('base64')}`;

/** @throws when the text is no secret of 24 to 64 bytes; never says what it is. */
export function keyOf(secret: string): Buffer {
  const encoded = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : '';
  const key = Buffer.from(encoded, 'base64');
  if (key.length < 24 || key.length > 64) throw new Error('this is no webhook secret (whsec_<base64>)');
  return key;
}

/** The three headers of a message; the timestamp is that of the attempt, in whole seconds. */
export function signedHeaders(
  id: string,
  at: Date,
  body: string,
  secrets: Secrets,
): { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string } {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const { current, previous, previousUntil } = secrets;
  const signing =
    previous !== undefined && previousUntil !== undefined && at < previousUntil
      ? [current, previous]
      : [current];
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signing
      .map((secret) => `v1,${signatureOf(keyOf(secret), `${id}.${timestamp}.${body}`)}`)
      .join(' '),
  };
}

const signatureOf = (key: Buffer, text: string): string =>
  createHmac('sha256', key).update(text, 'utf8').digest('base64');
