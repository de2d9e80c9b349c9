import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** How webhooks are signed: Standard Webhooks 1.0, symmetric (`v1`, HMAC-SHA256). */
export interface WebhookHeaders {
  /** The same whenever the message is sent again. */
  'webhook-id': string;
  /** Seconds since 1970, of the attempt. */
  'webhook-timestamp': string;
  /** `v1,<base64>`, one for each secret, a space between. */
  'webhook-signature': string;
}

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
/** How old, or how far ahead, the timestamp of a message may be. */
const TOLERANCE_S = 300;

/** A new secret, as it is shown to the receiver: `whsec_<base64>`. */
export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

/** True for `whsec_` and the base64 of 24 to 64 bytes. */
export function isWebhookSecret(secret: string): boolean {
  if (!secret.startsWith(PREFIX)) return false;
  const encoded = secret.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  // Buffer.from skips what is not base64, so what was read must be what was written.
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === encoded;
}

/**
 * @param secrets the current one and, while receivers change over, the one before.
 * @param body byte by byte what is sent.
 */
export function signWebhook(
  secrets: readonly string[],
  id: string,
  at: Date,
  body: string | Uint8Array,
): WebhookHeaders {
  // The signed text is id, timestamp and body with dots between, so an id with a dot could be read in two ways.
  if (secrets.length === 0 || id === '' || id.includes('.'))
    throw new Error('a webhook needs a secret, and an id without dots');
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets
      .map((one) => `v1,${mac(one, id, timestamp, body).toString('base64')}`)
      .join(' '),
  };
}

/** What a receiver does: true when one of the signatures is by one of the secrets and the timestamp is near `now`. */
export function verifyWebhook(
  secrets: readonly string[],
  headers: Readonly<Partial<WebhookHeaders>>,
  body: string | Uint8Array,
  now: Date,
): boolean {
  const {
    'webhook-id': id = '',
    'webhook-timestamp': timestamp = '',
    'webhook-signature': given = '',
  } = headers;
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_S) return false;
  const expected = secrets.map((one) => mac(one, id, timestamp, body));
  return given.split(' ').some((one) => {
    const [version, encoded = ''] = one.split(',');
    const claimed = Buffer.from(encoded, 'base64');
    return (
      version === 'v1' &&
      expected.some((right) => right.length === claimed.length && timingSafeEqual(right, claimed))
    );
  });
}

function mac(secret: string, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  if (!isWebhookSecret(secret))
    throw new Error('a webhook secret is whsec_ and the base64 of 24 to 64 bytes');
  return createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest();
}
