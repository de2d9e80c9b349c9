import { createHash } from 'node:crypto';
import * as cms from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { hashIdentifier, hashOfAlgorithm, signatureIdentifier } from '../algorithms.ts';
import { readCertificate } from '../certificates/certificate.ts';
import type { Signer } from '../signer.ts';
import { attributeSet, attributesFor, ID_DATA } from './attributes.ts';

/**
 * A detached CMS signature (RFC 5652) with the attributes of CAdES baseline, DER.
 * @param content in parts
 * @param signedAt undefined for PAdES
 */
export async function signCms(
  content: readonly Uint8Array[],
  { certificates, algorithm, sign }: Signer,
  signedAt: Date | undefined,
): Promise<Buffer> {
  const [own, ...others] = certificates.map((der) => readCertificate(der));
  if (!own) throw new Error('a signer needs a certificate');
  const digest = hashOfAlgorithm(algorithm);
  const hash = createHash(digest);
  for (const part of content) hash.update(part);
  const signer = new cms.SignerInfo({
    version: cms.CMSVersion.v1,
    sid: new cms.SignerIdentifier({
      issuerAndSerialNumber: new cms.IssuerAndSerialNumber({
        issuer: own.tbs.issuer,
        serialNumber: own.tbs.serialNumber,
      }),
    }),
    digestAlgorithm: hashIdentifier(digest),
    signedAttrs: inDerOrder(attributesFor(hash.digest(), own.x509.raw, signedAt)),
    signatureAlgorithm: signatureIdentifier(algorithm),
  });
  signer.signature = new OctetString(await sign(attributeSet(signer)));
  const choices = [own, ...others].map(({ x509 }) => AsnConvert.parse(x509.raw, cms.CertificateChoices));
  const data = new cms.SignedData({
    version: cms.CMSVersion.v1,
    digestAlgorithms: new cms.DigestAlgorithmIdentifiers([hashIdentifier(digest)]),
    encapContentInfo: new cms.EncapsulatedContentInfo({ eContentType: ID_DATA }),
    certificates: new cms.CertificateSet(choices),
    signerInfos: new cms.SignerInfos([signer]),
  });
  const signedData = AsnConvert.serialize(data);
  return Buffer.from(
    AsnConvert.serialize(new cms.ContentInfo({ contentType: cms.id_signedData, content: signedData })),
  );
}

/** DER orders the members of a SET by their encodings. */
const inDerOrder = (attributes: cms.Attribute[]): cms.Attribute[] =>
  attributes
    .map((one) => ({ one, der: Buffer.from(AsnConvert.serialize(one)) }))
    .sort((a, b) => a.der.compare(b.der))
    .map(({ one }) => one);
