import { reject } from '../verification-error.ts';

/** Standard Base 64 in its one canonical form (RFC 4648, sections 3.5 and 4). @throws VerificationError */
export function decodeBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) reject(`${what} is not Base 64`);
  return bytes;
}
