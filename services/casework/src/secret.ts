import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Digits and capitals that are not mistaken for each other; 32, so that a byte gives each with the same chance. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

/** The secret on the receipt with which a citizen follows the dossier: 60 random bits. */
export const drawSecret = (): string =>
  Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');

/** Whether a secret has the kept SHA-256 (hexadecimal); in constant time. */
export function isSecretOf(secretHash: string, secret: string): boolean {
  const given = createHash('sha256').update(secret).digest();
  const kept = Buffer.from(secretHash.padStart(given.length * 2, '0'), 'hex');
  return timingSafeEqual(given, kept) && secretHash !== '';
}
