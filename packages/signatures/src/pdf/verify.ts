import { type Against, verifyCms } from '../cms/verify.ts';
import type { Verdict } from '../verdict.ts';
import { findSignatures } from './find.ts';

export interface PdfSignature {
  verdict: Verdict;
  /** Bytes that later revisions have added; a later signature covers them when the verdict is valid. */
  laterBytes: number;
}

/**
 * Checks each signature in a PDF (PAdES; also "adbe.pkcs7.detached"), oldest first; none: the file is not signed. A
 * signature covers the file up to its own revision, and the last one must cover the whole file. Never throws for bytes.
 */
export async function verifyPdf(file: Uint8Array, against: Against): Promise<PdfSignature[]> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const found = findSignatures(bytes);
  const checked: PdfSignature[] = [];
  for (const one of found) {
    if ('wrong' in one) {
      checked.push({
        verdict: { valid: false, fault: 'SIGNED_RANGE_WRONG', detail: one.wrong },
        laterBytes: 0,
      });
      continue;
    }
    const laterBytes = bytes.length - one.end;
    const verdict = await verifyCms(one.signature, one.signed, against);
    const isLast = one === found.at(-1);
    checked.push({ verdict: isLast && laterBytes > 0 ? changed(verdict, laterBytes) : verdict, laterBytes });
  }
  return checked;
}

/** What is wrong with the signature itself comes before what was added to it. */
const changed = (verdict: Verdict, laterBytes: number): Verdict =>
  verdict.valid
    ? {
        valid: false,
        fault: 'CHANGED_AFTER_SIGNING',
        detail: `${laterBytes} bytes were added after the last signature`,
        certificate: verdict.certificate,
        signedAt: verdict.signedAt,
      }
    : verdict;
