import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificateList } from '@peculiar/asn1-x509';
import { isSignedBy } from '../algorithms.ts';
import type { Certificate } from './certificate.ts';

/** A list of revoked certificates (RFC 5280, section 5). */
export interface Crl {
  list: CertificateList;
  issuer: Buffer;
  /** When each certificate was revoked, by serial number in hexadecimal. */
  revoked: ReadonlyMap<string, Date>;
  /** It covers only some certificates, in a way that is not known here. */
  isPartial: boolean;
}

/** Of a large authority: several megabytes. */
const LIMITS = { maxNodes: 20_000_000, maxContentLength: 64 * 1024 * 1024, maxDepth: 20 };

/** The lists of a PEM text; '' has none. @throws Error when one cannot be read */
export const readPemCrls = (pem: string): Crl[] =>
  [...pem.matchAll(/-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/g)].map(([, base64 = '']) =>
    readCrl(Buffer.from(base64, 'base64')),
  );

export function readCrl(der: Uint8Array): Crl {
  const list = AsnConvert.parse(der, CertificateList, { berOptions: LIMITS });
  const { issuer, revokedCertificates = [], crlExtensions = [] } = list.tbsCertList;
  const extensions = [
    ...crlExtensions,
    ...revokedCertificates.flatMap((one) => one.crlEntryExtensions ?? []),
  ];
  return {
    list,
    issuer: Buffer.from(AsnConvert.serialize(issuer)),
    revoked: new Map(
      revokedCertificates.map((one) => [hexOf(one.userCertificate), one.revocationDate.getTime()]),
    ),
    isPartial: extensions.some(({ critical }) => critical),
  };
}

const hexOf = (serial: ArrayBuffer): string =>
  Buffer.from(serial)
    .toString('hex')
    .replace(/^(00)+(?=..)/, '');

/** Whether the certificate was revoked at the time; undefined when the list says nothing about it. */
export function isRevokedIn(
  { list, issuer, revoked, isPartial }: Crl,
  certificate: Certificate,
  by: Certificate,
  at: Date,
): boolean | undefined {
  const { nextUpdate } = list.tbsCertList;
  if (isPartial || !issuer.equals(certificate.issuer)) return undefined;
  if (nextUpdate && nextUpdate.getTime() < at) return undefined;
  const signed = new Uint8Array(list.tbsCertListRaw as ArrayBuffer);
  if (!isSignedBy(by.x509.publicKey, list.signatureAlgorithm, signed, new Uint8Array(list.signature)))
    return undefined;
  const since = revoked.get(hexOf(certificate.tbs.serialNumber));
  return since !== undefined && since <= at;
}
