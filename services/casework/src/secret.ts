import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Digits and capitals that nobody takes for one another; 32, so that every byte gives one evenly. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

/** What a citizen reads off the receipt to follow the dossier: 60 bits that cannot be guessed. */
export const drawSecret = (): string =>
  Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');

/** Whether a secret is the one whose SHA-256 (hexadecimal) is kept; takes as long whatever the answer is. */
export function isSecretOf(secretHash: string, secret: string): boolean {
  const given = createHash('sha256').update(secret).digest();
  const kept = Buffer.from(secretHash.padStart(given.length * 2, '0'), 'hex');
  return timingSafeEqual(given, kept) && secretHash !== '';
}
