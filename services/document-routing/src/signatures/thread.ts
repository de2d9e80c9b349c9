/** What runs in the thread of signature checks. */
import { type DocumentSignature, SignatureFormat } from '@lienthong/contracts/routing';
import { type Verdict, verifyCms, verifyJws, verifyPdf } from '@lienthong/signatures';
import { type TrustFiles, trustReader } from './trust-files.ts';

const read = trustReader();

/** One verdict for each signature of the metadata. @param at certificates count as they were then */
export function checkDetached(
  signatures: readonly DocumentSignature[],
  metadata: Uint8Array,
  files: TrustFiles,
  at: Date,
): Promise<Verdict[]> {
  const against = { trust: read(files), at };
  return Promise.all(
    signatures.map(({ format, signature }) =>
      format === SignatureFormat.JWS
        ? verifyJws(signature, metadata, against)
        : verifyCms(signature, [metadata], against),
    ),
  );
}

/** One verdict for each signature in the PDF. */
export async function checkPdf(file: Uint8Array, files: TrustFiles, at: Date): Promise<Verdict[]> {
  return (await verifyPdf(file, { trust: read(files), at })).map(({ verdict }) => verdict);
}
