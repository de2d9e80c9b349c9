/** A citizen's receipt: the dossier's code, and the secret with which the citizen follows the dossier. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { field } from '../parse.ts';

/** Digits and capitals that are not mistaken for each other; 32, so that a byte gives each with the same chance. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;
const DIGEST_BYTES = 32;

/** Text that a citizen copies from a receipt, perhaps in small letters and with spaces. */
const textFromReceipt = (max: number) =>
  field.text({ min: 1, max }).transform((text) => text.replace(/\s/g, '').toUpperCase());

/** The fields of a request that names a dossier by its receipt. */
export const receiptField = { code: textFromReceipt(60), secret: textFromReceipt(40) };

/** A new secret: 60 random bits. */
export const drawSecret = (): string =>
  Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');

/** The SHA-256 under which a secret is kept. */
export const toDigest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** The SHA-256 by which other services know a dossier's secret: the same secret of two dossiers has two digests. */
export const toTrackingDigest = (dossierId: string, secret: string): Buffer =>
  toDigest(`${dossierId}:${secret}`);

/** What a reason for the citizen is sealed for in the events of a dossier (`Sealer`). */
export const reasonPlace = (dossierId: string): string => `casework/reason/${dossierId}`;

/** Whether two digests are the same; in constant time, also without a kept one, which equals nothing. */
export function isSameDigest(given: Uint8Array, kept: Uint8Array | undefined): boolean {
  const comparable = kept?.length === DIGEST_BYTES && given.length === DIGEST_BYTES;
  return timingSafeEqual(given, comparable ? kept : new Uint8Array(given.length)) && comparable;
}
