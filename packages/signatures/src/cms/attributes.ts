/** The signed attributes of CAdES and PAdES (RFC 5652, section 11; RFC 5035). */
import { hash } from 'node:crypto';
import { Attribute, type SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Time } from '@peculiar/asn1-x509';
import { hashOf } from '../algorithms.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { claimedTime, malformed, SignatureError } from '../verdict.ts';

export const ID_DATA = '1.2.840.113549.1.7.1';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
/** ID_DATA in DER. */
const DATA_VALUE = Buffer.from('06092a864886f70d010701', 'hex');

/** The certificate that a signature belongs to; SHA-256 when no algorithm is named. */
class EssCertIdV2 {
  hashAlgorithm?: AlgorithmIdentifier;
  certHash = new OctetString();
  issuerSerial?: ArrayBuffer;
}
AsnType({ type: AsnTypeTypes.Sequence })(EssCertIdV2);
AsnProp({ type: AlgorithmIdentifier, optional: true })(EssCertIdV2.prototype, 'hashAlgorithm');
AsnProp({ type: OctetString })(EssCertIdV2.prototype, 'certHash');
AsnProp({ type: AsnPropTypes.Any, optional: true })(EssCertIdV2.prototype, 'issuerSerial');

class SigningCertificateV2 {
  certs: EssCertIdV2[] = [];
  policies?: ArrayBuffer;
}
AsnType({ type: AsnTypeTypes.Sequence })(SigningCertificateV2);
AsnProp({ type: EssCertIdV2, repeated: 'sequence' })(SigningCertificateV2.prototype, 'certs');
AsnProp({ type: AsnPropTypes.Any, optional: true })(SigningCertificateV2.prototype, 'policies');

/** What the signed attributes say. */
export interface SignedAttributes {
  messageDigest: Buffer;
  signedAt: Date | undefined;
  /** The first certificate identifier. */
  certificate: EssCertIdV2 | undefined;
}

/** @throws SignatureError when a mandatory attribute is missing, or one occurs twice */
export function readAttributes({ signedAttrs = [] }: SignerInfo): SignedAttributes {
  const attributeValue = (id: string): ArrayBuffer | undefined => {
    const [attribute, ...others] = signedAttrs.filter(({ attrType }) => attrType === id);
    if (others.length > 0 || (attribute && attribute.attrValues.length !== 1))
      throw malformed(`attribute ${id} occurs more than once`);
    return attribute?.attrValues[0];
  };
  const contentType = attributeValue(CONTENT_TYPE);
  const digest = attributeValue(MESSAGE_DIGEST);
  if (!contentType || !digest) throw malformed('content-type and message-digest must be signed attributes');
  if (!Buffer.from(contentType).equals(DATA_VALUE)) throw malformed('the content is not data');
  const time = attributeValue(SIGNING_TIME);
  const certificate = attributeValue(SIGNING_CERTIFICATE_V2);
  const named = certificate && AsnConvert.parse(certificate, SigningCertificateV2).certs;
  if (named?.length === 0) throw malformed('the signing certificate is not named');
  return {
    messageDigest: Buffer.from(AsnConvert.parse(digest, OctetString).buffer),
    signedAt: time && claimedTime(AsnConvert.parse(time, Time).getTime()),
    certificate: named?.[0],
  };
}

/** Refuses a signature that names another certificate than the one it is checked with. */
export function checkNamedCertificate({ certificate }: SignedAttributes, { x509 }: Certificate): void {
  if (!certificate) return;
  const digest = hash(
    certificate.hashAlgorithm ? hashOf(certificate.hashAlgorithm) : 'sha256',
    x509.raw,
    'buffer',
  );
  if (!digest.equals(Buffer.from(certificate.certHash.buffer)))
    throw new SignatureError('SIGNATURE_WRONG', 'the signature names another certificate');
}

/** The attributes to sign. PAdES has the time in the PDF instead. */
export function attributesFor(
  digest: Uint8Array,
  certificate: Uint8Array,
  signedAt: Date | undefined,
): Attribute[] {
  const named = new EssCertIdV2();
  named.certHash = new OctetString(hash('sha256', certificate, 'buffer'));
  const signingCertificate = new SigningCertificateV2();
  signingCertificate.certs = [named];
  const attribute = (attrType: string, value: ArrayBuffer) =>
    new Attribute({ attrType, attrValues: [value] });
  return [
    attribute(CONTENT_TYPE, bytesOf(DATA_VALUE)),
    ...(signedAt ? [attribute(SIGNING_TIME, AsnConvert.serialize(new Time(signedAt)))] : []),
    attribute(MESSAGE_DIGEST, AsnConvert.serialize(new OctetString(digest))),
    attribute(SIGNING_CERTIFICATE_V2, AsnConvert.serialize(signingCertificate)),
  ];
}

/** The bytes of a view in a buffer of their own. */
export const bytesOf = (view: Uint8Array): ArrayBuffer => new Uint8Array(view).buffer;

/** What is signed: the attributes as a SET in DER, in the order that they have in the message. */
export function attributeSet({ signedAttrs = [] }: SignerInfo): Buffer {
  const members = Buffer.concat(signedAttrs.map((one) => Buffer.from(AsnConvert.serialize(one))));
  const length =
    members.length < 0x80
      ? [members.length]
      : members.length < 0x100
        ? [0x81, members.length]
        : [0x82, members.length >> 8, members.length & 0xff];
  return Buffer.concat([Buffer.from([0x31, ...length]), members]);
}
