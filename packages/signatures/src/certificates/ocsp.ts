import { createHash } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertID,
  OCSPRequest,
  OCSPResponse,
  Request,
  type SingleResponse,
  TBSRequest,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as asn1 from '@peculiar/asn1-x509';
import { type Certificate, extensionOf, hasSigned, readCertificate } from './certificate.ts';
import { endOf, type Statement } from './revocation.ts';

/** An authority's statement about some certificates (RFC 6960). */
export interface OcspResponse {
  basic: BasicOCSPResponse;
  /** Certificates that an authority may have issued to sign such statements. */
  certificates: readonly Certificate[];
}

const SHA1 = '1.3.14.3.2.26';
const NULL = Uint8Array.of(5, 0).buffer;

/**
 * The request (DER) for the status of a certificate, in the form that every responder knows (RFC 5019): one certificate, by
 * SHA-1, without a nonce, so that the same certificate always makes the same request.
 */
export function ocspRequest({ tbs }: Certificate, by: Certificate): Uint8Array {
  const reqCert = new CertID({
    hashAlgorithm: new asn1.AlgorithmIdentifier({ algorithm: SHA1, parameters: NULL }),
    issuerNameHash: new OctetString(createHash('sha1').update(by.subject).digest()),
    issuerKeyHash: new OctetString(createHash('sha1').update(keyOf(by)).digest()),
    serialNumber: tbs.serialNumber,
  });
  const tbsRequest = new TBSRequest({ requestList: [new Request({ reqCert })] });
  return new Uint8Array(AsnConvert.serialize(new OCSPRequest({ tbsRequest })));
}

const keyOf = ({ tbs }: Certificate): Uint8Array => new Uint8Array(tbs.subjectPublicKeyInfo.subjectPublicKey);

/**
 * When the responder has a newer response, in ms; whether this one counts, is not checked.
 * @throws Error when the bytes are no response with a status
 */
export function ocspEndOf(der: Uint8Array): number {
  const { responses } = readOcspResponse(der).basic.tbsResponseData;
  if (responses.length === 0) throw new Error('the response has no status');
  return Math.min(...responses.map(endOf));
}

/** @throws Error when the bytes are neither an OCSP response nor a basic one */
export function readOcspResponse(der: Uint8Array): OcspResponse {
  const basic = basicOf(der);
  const certificates = (basic.certs ?? []).map((one) =>
    readCertificate(Buffer.from(AsnConvert.serialize(one))),
  );
  return { basic, certificates };
}

function basicOf(der: Uint8Array): BasicOCSPResponse {
  try {
    const { responseBytes } = AsnConvert.parse(der, OCSPResponse);
    if (responseBytes) return AsnConvert.parse(responseBytes.response.buffer, BasicOCSPResponse);
  } catch {
    // It may be the basic response itself.
  }
  return AsnConvert.parse(der, BasicOCSPResponse);
}

/** What the response states of the certificate. */
export function statementsOf(
  { basic, certificates }: OcspResponse,
  certificate: Certificate,
  by: Certificate,
): Statement[] {
  const { responses, responseExtensions = [], producedAt } = basic.tbsResponseData;
  const about = responses.filter((one) => isAbout(one, certificate, by));
  const extensions = [...responseExtensions, ...about.flatMap((one) => one.singleExtensions ?? [])];
  if (about.length === 0 || extensions.some(({ critical }) => critical)) return [];
  const signed = new Uint8Array(basic.tbsResponseDataRaw as ArrayBuffer);
  const responders = [by, ...certificates.filter((one) => isResponder(one, by, producedAt))];
  const isSigned = responders.some((one) =>
    hasSigned(one, basic.signatureAlgorithm, signed, new Uint8Array(basic.signature)),
  );
  if (!isSigned) return [];
  return about.flatMap(({ certStatus: { good, revoked }, thisUpdate, nextUpdate }) =>
    good === undefined && !revoked ? [] : { revokedAt: revoked?.revocationTime, thisUpdate, nextUpdate },
  );
}

function isAbout({ certID }: SingleResponse, certificate: Certificate, by: Certificate): boolean {
  const name = { [SHA1]: 'sha1', '2.16.840.1.101.3.4.2.1': 'sha256' }[certID.hashAlgorithm.algorithm];
  if (name === undefined) return false;
  const isHash = (hash: { buffer: ArrayBuffer }, data: Uint8Array) =>
    createHash(name).update(data).digest().equals(Buffer.from(hash.buffer));
  return (
    Buffer.from(certID.serialNumber).equals(Buffer.from(certificate.tbs.serialNumber)) &&
    isHash(certID.issuerNameHash, by.subject) &&
    isHash(certID.issuerKeyHash, keyOf(by))
  );
}

/** An authority may let another key sign its statements, for a time. */
const isResponder = (certificate: Certificate, by: Certificate, at: Date): boolean =>
  certificate.issuer.equals(by.subject) &&
  at >= certificate.x509.validFromDate &&
  at <= certificate.x509.validToDate &&
  [...(extensionOf(certificate, asn1.id_ce_extKeyUsage, asn1.ExtendedKeyUsage) ?? [])].includes(
    asn1.id_kp_OCSPSigning,
  ) &&
  hasSigned(by, certificate.signatureAlgorithm, certificate.signed, certificate.signature);
