/** Certificates, CRLs and OCSP responses that no authority should issue. */
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import type { IssuedCertificate } from '@lienthong/testkit';
import * as ocsp from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as asn1 from '@peculiar/asn1-x509';
import { NOW } from './support.ts';

const DAY_MS = 86_400_000;
export const daysFromNow = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

const SHA256_ECDSA = new asn1.AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });
const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
const signedBy = (key: KeyObject | string, structure: object, hash = 'sha256'): ArrayBuffer =>
  bufferOf(sign(hash, Buffer.from(AsnConvert.serialize(structure)), key));
const structureOf = ({ certificate }: IssuedCertificate): asn1.Certificate =>
  AsnConvert.parse(new X509Certificate(certificate).raw, asn1.Certificate);

const toPem = (kind: string, structure: object): string =>
  `-----BEGIN ${kind}-----\n${Buffer.from(AsnConvert.serialize(structure)).toString('base64')}\n-----END ${kind}-----\n`;

export const extension = (extnID: string, value: object, critical = false): asn1.Extension =>
  new asn1.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });

export interface Forgery {
  by: IssuedCertificate;
  /** Replace extensions of the same kind, or are added. */
  extensions?: readonly asn1.Extension[];
  until?: Date;
  key?: { publicKey: KeyObject; privateKey: KeyObject };
}

/** The certificate again, for the same key unless another is given, by another authority or with other extensions. */
export function reissue(
  issued: IssuedCertificate,
  { by, extensions = [], until, key }: Forgery,
): IssuedCertificate {
  const content = structureOf(issued).tbsCertificate;
  content.issuer = structureOf(by).tbsCertificate.subject;
  content.extensions = new asn1.Extensions([
    ...(content.extensions ?? []).filter((one) => !extensions.some(({ extnID }) => extnID === one.extnID)),
    ...extensions,
  ]);
  if (until) content.validity.notAfter = new asn1.Time(until);
  if (key)
    content.subjectPublicKeyInfo = AsnConvert.parse(
      key.publicKey.export({ type: 'spki', format: 'der' }),
      asn1.SubjectPublicKeyInfo,
    );
  const certificate = new asn1.Certificate({
    tbsCertificate: content,
    signatureAlgorithm: SHA256_ECDSA,
    signatureValue: signedBy(by.key, content),
  });
  return {
    ...issued,
    certificate: toPem('CERTIFICATE', certificate),
    ...(key && { key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }),
  };
}

export const rsaKey = (publicExponent: number) =>
  generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent });

export interface ForgedCrl {
  by: IssuedCertificate;
  revoked?: readonly { serialNumber: string; at: Date; extensions?: asn1.Extension[] }[];
  /** null: it has none. */
  nextUpdate?: Date | null;
  extensions?: asn1.Extension[];
  hash?: 'sha1';
}

export function forgeCrl({
  by,
  revoked = [],
  nextUpdate = daysFromNow(1),
  extensions,
  hash,
}: ForgedCrl): string {
  const signature = hash ? new asn1.AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.1' }) : SHA256_ECDSA;
  const content = new asn1.TBSCertList({
    version: asn1.Version.v2,
    signature,
    issuer: structureOf(by).tbsCertificate.subject,
    thisUpdate: new asn1.Time(daysFromNow(-1)),
    ...(nextUpdate && { nextUpdate: new asn1.Time(nextUpdate) }),
    ...(revoked.length > 0 && {
      revokedCertificates: revoked.map(
        ({ serialNumber, at, extensions: crlEntryExtensions }) =>
          new asn1.RevokedCertificate({
            userCertificate: bufferOf(Buffer.from(serialNumber, 'hex')),
            revocationDate: new asn1.Time(at),
            ...(crlEntryExtensions && { crlEntryExtensions }),
          }),
      ),
    }),
    ...(extensions && { crlExtensions: extensions }),
  });
  const list = new asn1.CertificateList({
    tbsCertList: content,
    signatureAlgorithm: signature,
    signature: signedBy(by.key, content, hash),
  });
  return toPem('X509 CRL', list);
}

export interface ForgedOcsp {
  /** The authority of the certificate. */
  by: IssuedCertificate;
  /** Who signs, by default the authority. */
  responder?: IssuedCertificate;
  revokedAt?: Date;
  /** null: it has none. */
  nextUpdate?: Date | null;
  extensions?: asn1.Extension[];
}

export function forgeOcsp(
  about: IssuedCertificate,
  { by, responder = by, revokedAt, nextUpdate = daysFromNow(1), extensions }: ForgedOcsp,
): Buffer {
  const { subject, subjectPublicKeyInfo } = structureOf(by).tbsCertificate;
  const hashOf = (bytes: ArrayBuffer) =>
    new OctetString(createHash('sha1').update(new Uint8Array(bytes)).digest());
  const content = new ocsp.ResponseData({
    responderID: new ocsp.ResponderID({ byName: structureOf(responder).tbsCertificate.subject }),
    producedAt: daysFromNow(-1),
    responses: [
      new ocsp.SingleResponse({
        certID: new ocsp.CertID({
          hashAlgorithm: new asn1.AlgorithmIdentifier({ algorithm: '1.3.14.3.2.26' }),
          issuerNameHash: hashOf(AsnConvert.serialize(subject)),
          issuerKeyHash: hashOf(subjectPublicKeyInfo.subjectPublicKey),
          serialNumber: structureOf(about).tbsCertificate.serialNumber,
        }),
        certStatus: new ocsp.CertStatus(
          revokedAt ? { revoked: new ocsp.RevokedInfo({ revocationTime: revokedAt }) } : { good: null },
        ),
        thisUpdate: daysFromNow(-1),
        ...(nextUpdate && { nextUpdate }),
      }),
    ],
    ...(extensions && { responseExtensions: extensions }),
  });
  const response = new ocsp.BasicOCSPResponse({
    tbsResponseData: content,
    signatureAlgorithm: SHA256_ECDSA,
    signature: signedBy(createPrivateKey(responder.key), content),
    certs: [structureOf(responder)],
  });
  return Buffer.from(AsnConvert.serialize(response));
}

/** The serial number of the one certificate that an OCSP request is about. */
export function serialOf(request: Uint8Array): string {
  const { requestList } = AsnConvert.parse(request, ocsp.OCSPRequest).tbsRequest;
  if (requestList.length !== 1) throw new Error(`a request for ${requestList.length} certificates`);
  return Buffer.from((requestList[0] as ocsp.Request).reqCert.serialNumber).toString('hex');
}
