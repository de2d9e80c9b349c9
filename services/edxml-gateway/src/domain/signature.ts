import type { Verdict } from '@lienthong/signatures';
import { HEADER, type Leniency } from './places.ts';

/** What the check of an envelope's signature found, as the answer says it. */
export interface EnvelopeSignature {
  valid: boolean;
  /** Subject and SHA-256 of the certificate; '' when it cannot be read. */
  signer: string;
  fingerprint: string;
  /** Of a valid one: a list of revoked certificates covers the certificate. */
  revocationChecked: boolean;
  /** Why it is not valid: a reason for programs, and words; '' for a valid one. */
  fault: string;
  detail: string;
}

export const SIGNATURE = `${HEADER}/Signature`;

export const toSignature = (verdict: Verdict): EnvelopeSignature => ({
  valid: verdict.valid,
  signer: verdict.certificate?.subject ?? '',
  fingerprint: verdict.certificate?.fingerprint ?? '',
  revocationChecked: verdict.valid && verdict.revocationChecked,
  fault: verdict.valid ? '' : verdict.fault,
  detail: verdict.valid ? '' : verdict.detail,
});

/** What is kept with a document that was taken although its signature is not valid. */
export const takenAsUnsigned = ({ fault, detail }: EnvelopeSignature): Leniency => ({
  reason: 'SIGNATURE_INVALID',
  path: SIGNATURE,
  description: `${fault}: ${detail}; the package was taken as one without a signature`,
});
