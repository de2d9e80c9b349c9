/** What runs in the thread of signature checks. */
import { type DocumentSignature, SignatureFormat } from '@lienthong/contracts/routing';
import {
  extendTrust,
  type Known,
  type PdfSignature,
  verifyCms,
  verifyJws,
  verifyPdf,
} from '@lienthong/signatures';
import { type TrustFiles, trustReader } from './trust-files.ts';

const read = trustReader();

/** Whose signatures are believed. */
export interface Against {
  files: TrustFiles;
  known: Known;
  /** Certificates count as they were then. */
  at: Date;
}

/** One verdict for each signature of the metadata. */
export function checkDetached(
  signatures: readonly DocumentSignature[],
  metadata: Uint8Array,
  { files, known, at }: Against,
): Promise<PdfSignature[]> {
  const against = { trust: extendTrust(read(files), known), at };
  return Promise.all(
    signatures.map(async ({ format, signature }) => ({
      verdict:
        format === SignatureFormat.JWS
          ? await verifyJws(signature, metadata, against)
          : await verifyCms(signature, [metadata], against),
      laterBytes: 0,
    })),
  );
}

/** One verdict for each signature in the PDF. */
export const checkPdf = (file: Uint8Array, { files, known, at }: Against): Promise<PdfSignature[]> =>
  verifyPdf(file, { trust: extendTrust(read(files), known), at });
