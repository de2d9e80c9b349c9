import { createHash } from 'node:crypto';
import * as cms from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { hashIdentifier, hashOfAlgorithm, signatureIdentifier } from '../algorithms.ts';
import { readCertificate } from '../certificates/certificate.ts';
import type { Signer } from '../signer.ts';
import { attributeSet, attributesFor, bytesOf, ID_DATA } from './attributes.ts';
import { SignedData } from './signed-data.ts';

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
  const data = new SignedData();
  data.digestAlgorithms = new cms.DigestAlgorithmIdentifiers([hashIdentifier(digest)]);
  data.encapContentInfo = new cms.EncapsulatedContentInfo({ eContentType: ID_DATA });
  data.certificates = [own, ...others].map(({ x509 }) => bytesOf(x509.raw));
  data.signerInfos = new cms.SignerInfos([signer]);
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
