import { type Against, verifyCms } from '../cms/verify.ts';
import type { Verdict } from '../verdict.ts';
import { findSignatures } from './find.ts';

export interface PdfSignature {
  verdict: Verdict;
  /** Bytes that later revisions have added; a later valid signature covers them when this verdict is valid. */
  laterBytes: number;
}

/**
 * Checks each signature in a PDF (PAdES; also "adbe.pkcs7.detached"), oldest first; none: the file is not signed. A
 * signature covers the file up to its own revision; a valid signature must cover what was added later, so that nobody
 * adds content by a signature of his own making. Never throws for bytes.
 */
export async function verifyPdf(file: Uint8Array, against: Against): Promise<PdfSignature[]> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const checked: PdfSignature[] = [];
  for (const one of findSignatures(bytes)) {
    if ('wrong' in one) {
      checked.push({
        verdict: { valid: false, fault: 'SIGNED_RANGE_WRONG', detail: one.wrong },
        laterBytes: 0,
      });
      continue;
    }
    const verdict = await verifyCms(one.signature, one.signed, against);
    checked.push({ verdict, laterBytes: bytes.length - one.end });
  }
  let isCovered = false;
  for (const one of checked.toReversed()) {
    if (one.laterBytes > 0 && !isCovered) one.verdict = changed(one.verdict, one.laterBytes);
    isCovered ||= one.verdict.valid;
  }
  return checked;
}

/** What is wrong with the signature itself comes before what was added to it. */
const changed = (verdict: Verdict, laterBytes: number): Verdict =>
  verdict.valid
    ? {
        valid: false,
        fault: 'CHANGED_AFTER_SIGNING',
        detail: `${laterBytes} bytes were added after the signature, and no valid signature covers them`,
        certificate: verdict.certificate,
        signedAt: verdict.signedAt,
        ocspRequests: verdict.ocspRequests,
      }
    : verdict;
