export type { Algorithm } from './algorithms.ts';
export { ocspEndOf } from './certificates/ocsp.ts';
export {
  extendTrust,
  type Known,
  type Registration,
  readTrust,
  type Trust,
  type TrustFiles,
} from './certificates/trust.ts';
export { signCms } from './cms/sign.ts';
export { type Against, MAX_SIGNATURE_BYTES, verifyCms } from './cms/verify.ts';
export { signJws } from './jws/sign.ts';
export { verifyJws } from './jws/verify.ts';
export { canonicalMetadata, METADATA_FORMAT, type SignedFields } from './metadata.ts';
export { signPdf } from './pdf/sign.ts';
export { PdfNotSignable } from './pdf/structure.ts';
export { type PdfSignature, verifyPdf } from './pdf/verify.ts';
export { type KeyFiles, keySigner, type Signer } from './signer.ts';
export type { SignatureFault, SigningCertificate, TrustedBy, Verdict } from './verdict.ts';
export { signXml } from './xml/sign.ts';
export { verifyXml } from './xml/verify.ts';
