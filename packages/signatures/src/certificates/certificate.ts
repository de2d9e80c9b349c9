import { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import * as asn1 from '@peculiar/asn1-x509';
import { isSignedBy } from '../algorithms.ts';
import { malformed, SignatureError, type SigningCertificate, visibleText } from '../verdict.ts';

export const MAX_CERTIFICATE_BYTES = 16 * 1024;

/** A certificate (RFC 5280) as OpenSSL reads it, and its structure. */
export interface Certificate {
  x509: X509Certificate;
  tbs: asn1.TBSCertificate;
  signatureAlgorithm: asn1.AlgorithmIdentifier;
  /** The signed bytes, and the signature over them. */
  signed: Uint8Array;
  signature: Uint8Array;
  /** The names as they are encoded: they are compared byte by byte. */
  subject: Buffer;
  issuer: Buffer;
}

/** @throws when the bytes are not one DER certificate */
export function readCertificate(der: Uint8Array): Certificate {
  if (der.length > MAX_CERTIFICATE_BYTES) throw malformed('a certificate is too large');
  const x509 = new X509Certificate(der);
  // Node reads a time that is none as any date.
  if ([x509.validFrom, x509.validTo].some((text) => Number.isNaN(Date.parse(text))))
    throw malformed('the validity of a certificate is not two times');
  const structure = AsnConvert.parse(x509.raw, asn1.Certificate);
  const tbs = structure.tbsCertificate;
  return {
    x509,
    tbs,
    signatureAlgorithm: structure.signatureAlgorithm,
    signed: new Uint8Array(structure.tbsCertificateRaw as ArrayBuffer),
    signature: new Uint8Array(structure.signatureValue),
    subject: Buffer.from(AsnConvert.serialize(tbs.subject)),
    issuer: Buffer.from(AsnConvert.serialize(tbs.issuer)),
  };
}

/** The certificates of a PEM text. @throws Error when there is none, or one cannot be read */
export function readPemCertificates(pem: string): Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new Error('there is no PEM certificate');
  return blocks.map((block) => readCertificate(new X509Certificate(block).raw));
}

/** An extension's value, if the certificate has it. */
export function extensionOf<T>({ tbs }: Certificate, id: string, type: new () => T): T | undefined {
  const extension = tbs.extensions?.find(({ extnID }) => extnID === id);
  return extension && AsnConvert.parse(extension.extnValue.buffer, type);
}

/** True when the key usage has any of the flags, or is not restricted. */
export function mayUse(certificate: Certificate, flags: number): boolean {
  const usage = extensionOf(certificate, asn1.id_ce_keyUsage, asn1.KeyUsage);
  return usage === undefined || (usage.toNumber() & flags) !== 0;
}

/** True when the authority has signed the data by an algorithm that is accepted. */
export function hasSigned(
  { x509 }: Certificate,
  algorithm: asn1.AlgorithmIdentifier,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return isSignedBy(x509.publicKey, algorithm, data, signature);
  } catch (error) {
    if (error instanceof SignatureError) return false;
    throw error;
  }
}

/** SHA-256 of the certificate, lower-case hexadecimal. */
export const fingerprintOf = ({ x509 }: Certificate): string =>
  x509.fingerprint256.replaceAll(':', '').toLowerCase();

export const nameOf = ({ x509 }: Certificate): string => x509.subject.replaceAll('\n', ', ').slice(0, 200);

const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '1.2.840.113549.1.9.1': 'E',
};
/** The attributes in which authorities write an identifier of the subject's organisation. */
const IDENTIFIERS: readonly string[] = ['organizationIdentifier', 'UID', 'SERIALNUMBER', 'OU'];

function partsOf(name: asn1.Name): { key: string; value: string }[] {
  return [...name].flatMap((part) =>
    [...part].map(({ type, value }) => ({
      key: ATTRIBUTES[type] ?? type,
      value: visibleText(value.toString().normalize('NFC')),
    })),
  );
}

const lineOf = (name: asn1.Name): string =>
  partsOf(name)
    .map(({ key, value }) => `${key}=${value}`)
    .join(', ');

/** A certificate as verdicts show it. */
export function describeCertificate(certificate: Certificate): SigningCertificate {
  const { x509, tbs } = certificate;
  const parts = partsOf(tbs.subject);
  return {
    commonName: parts.find(({ key }) => key === 'CN')?.value ?? '',
    subject: lineOf(tbs.subject),
    issuer: lineOf(tbs.issuer),
    serialNumber: x509.serialNumber.replace(/^0+(?=.)/, ''),
    fingerprint: fingerprintOf(certificate),
    identifiers: parts.filter(({ key }) => IDENTIFIERS.includes(key)).map(({ value }) => value),
  };
}
