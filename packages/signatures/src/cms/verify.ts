import { createHash } from 'node:crypto';
import { ContentInfo, type SignerIdentifier, type SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert } from '@peculiar/asn1-schema';
import { hashOf, isSignedBy } from '../algorithms.ts';
import { type Certificate, describeCertificate, readCertificate } from '../certificates/certificate.ts';
import { checkChain } from '../certificates/chain.ts';
import type { Trust } from '../certificates/trust.ts';
import { malformed, SignatureError, type Verdict, verdictOf } from '../verdict.ts';
import { attributeSet, checkNamedCertificate, ID_DATA, readAttributes } from './attributes.ts';
import { SignedData } from './signed-data.ts';

const ID_SIGNED_DATA = '1.2.840.113549.1.7.2';
export const MAX_SIGNATURE_BYTES = 64 * 1024;
const MAX_CERTIFICATES = 10;
const SEQUENCE = 0x30;
const LIMITS = { maxDepth: 32, maxNodes: 5_000, maxContentLength: MAX_SIGNATURE_BYTES };

export interface Against {
  trust: Trust;
  /** The time at which certificates must have been valid. */
  at: Date;
}

/**
 * Checks a detached CMS signature (RFC 5652) of one signer, in DER or BER. Never throws for bytes.
 * @param content the signed content, in parts
 */
export const verifyCms = (
  signature: Uint8Array,
  content: readonly Uint8Array[],
  against: Against,
): Promise<Verdict> =>
  verdictOf(async (found) => {
    const { signer, certificates } = read(signature);
    const own = certificates.find((one) => isNamedBy(one, signer.sid));
    if (!own)
      throw new SignatureError('CERTIFICATE_MISSING', "the signer's certificate is not in the signature");
    const certificate = describeCertificate(own);
    found.certificate = certificate;
    const attributes = readAttributes(signer);
    found.signedAt = attributes.signedAt;
    const digest = hashOf(signer.digestAlgorithm);
    const hash = createHash(digest);
    for (const part of content) hash.update(part);
    if (!hash.digest().equals(attributes.messageDigest))
      throw new SignatureError('CONTENT_CHANGED', 'the signature is about other content');
    const signed = attributeSet(signer);
    const value = new Uint8Array(signer.signature.buffer);
    if (!isSignedBy(own.x509.publicKey, signer.signatureAlgorithm, signed, value, digest))
      throw new SignatureError('SIGNATURE_WRONG', "the certificate's key has not made the signature");
    checkNamedCertificate(attributes, own);
    return { certificate, ...checkChain(own, certificates, against, found) };
  });

function read(signature: Uint8Array): { signer: SignerInfo; certificates: Certificate[] } {
  if (signature.length > MAX_SIGNATURE_BYTES)
    throw new SignatureError('SIGNATURE_TOO_LARGE', `a signature has at most ${MAX_SIGNATURE_BYTES} bytes`);
  const parse = { berOptions: LIMITS };
  const { contentType, content } = AsnConvert.parse(signature, ContentInfo, parse);
  if (contentType !== ID_SIGNED_DATA) throw malformed('it is not a SignedData');
  const data = AsnConvert.parse(content, SignedData, parse);
  const { eContentType, eContent } = data.encapContentInfo;
  if (eContentType !== ID_DATA || eContent) throw malformed('it is not a detached signature');
  const [signer, ...others] = data.signerInfos;
  if (!signer || others.length > 0) throw malformed('it must have exactly one signer');
  const given = (data.certificates ?? []).map((one) => new Uint8Array(one));
  if (given.length > MAX_CERTIFICATES) throw malformed('it has too many certificates');
  // Others are attribute certificates and formats of long ago.
  const certificates = given.filter(([tag]) => tag === SEQUENCE).map(readCertificate);
  return { signer, certificates };
}

function isNamedBy({ tbs, issuer }: Certificate, sid: SignerIdentifier): boolean {
  const { issuerAndSerialNumber: named, subjectKeyIdentifier: key } = sid;
  if (named)
    return (
      Buffer.from(AsnConvert.serialize(named.issuer)).equals(issuer) &&
      Buffer.from(named.serialNumber).equals(Buffer.from(tbs.serialNumber))
    );
  const own = tbs.extensions?.find(({ extnID }) => extnID === '2.5.29.14')?.extnValue.buffer;
  // The extension's value is the identifier in an OCTET STRING of its own.
  return !!key && !!own && Buffer.from(own).subarray(2).equals(Buffer.from(key.buffer));
}
