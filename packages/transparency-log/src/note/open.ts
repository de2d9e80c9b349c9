import { reject } from '../verification-error.ts';
import type { Verifier } from './keys.ts';
import type { Note } from './note.ts';

export interface VerifiedSignature {
  verifier: Verifier;
  /** Seconds since 1970 of a cosignature, 0 of another signature. */
  seconds: number;
}

/**
 * The signatures of a note by known keys; those by other keys count for nothing (C2SP signed-note).
 * @throws VerificationError when a signature under the name and id of a known key does not verify: the note was changed
 */
export function verifiedSignatures(note: Note, verifiers: readonly Verifier[]): VerifiedSignature[] {
  const verified = new Map<Verifier, VerifiedSignature>();
  for (const { name, keyId, signature } of note.signatures) {
    const verifier = verifiers.find((one) => one.name === name && one.keyId === keyId);
    if (verifier === undefined) continue;
    const seconds = verifier.verify(note.text, signature);
    if (seconds === undefined) reject(`the signature of ${name} does not verify`);
    if (!verified.has(verifier)) verified.set(verifier, { verifier, seconds: seconds as number });
  }
  return [...verified.values()];
}
