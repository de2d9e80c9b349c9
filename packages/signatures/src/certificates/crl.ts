import { AsnConvert } from '@peculiar/asn1-schema';
import * as asn1 from '@peculiar/asn1-x509';
import { type Certificate, hasSigned, mayUse } from './certificate.ts';
import type { Statement } from './revocation.ts';

/** A list of revoked certificates (RFC 5280, section 5). */
export interface Crl {
  list: asn1.CertificateList;
  issuer: Buffer;
  /** When each certificate was revoked, by serial number in hexadecimal. */
  revoked: ReadonlyMap<string, Date>;
  /** It covers only some certificates: one that is not listed may be revoked. */
  isPartial: boolean;
  /** It has critical extensions that are not known here, or certificates of several authorities: it states nothing. */
  isUnknown: boolean;
}

/** Of a large authority: several megabytes. */
const LIMITS = { maxNodes: 20_000_000, maxContentLength: 64 * 1024 * 1024, maxDepth: 20 };
/** Changes since another list; only some kinds of certificates or reasons. */
const PARTIAL: readonly string[] = [asn1.id_ce_deltaCRLIndicator, asn1.id_ce_issuingDistributionPoint];

/** The lists of a PEM text; '' has none. @throws Error when one cannot be read */
export function readPemCrls(pem: string): Crl[] {
  const blocks = [...pem.matchAll(/-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/g)];
  // A list that is not read would leave its certificates unrevoked.
  if (blocks.length !== pem.split('-----BEGIN').length - 1 || (blocks.length === 0 && pem.trim() !== ''))
    throw new Error('the lists of revoked certificates are not PEM of the kind "X509 CRL"');
  return blocks.map(([, base64 = '']) => readCrl(Buffer.from(base64, 'base64')));
}

export function readCrl(der: Uint8Array): Crl {
  const list = AsnConvert.parse(der, asn1.CertificateList, { berOptions: LIMITS });
  const { issuer, revokedCertificates = [], crlExtensions = [] } = list.tbsCertList;
  return {
    list,
    issuer: Buffer.from(AsnConvert.serialize(issuer)),
    revoked: new Map(
      revokedCertificates
        .filter((one) => !isRemoved(one))
        .map((one) => [hexOf(one.userCertificate), one.revocationDate.getTime()]),
    ),
    isPartial: crlExtensions.some(({ extnID }) => PARTIAL.includes(extnID)),
    isUnknown:
      crlExtensions.some(({ critical, extnID }) => critical && !PARTIAL.includes(extnID)) ||
      revokedCertificates.some(({ crlEntryExtensions = [] }) =>
        crlEntryExtensions.some(
          ({ critical, extnID }) => critical || extnID === asn1.id_ce_certificateIssuer,
        ),
      ),
  };
}

/** A certificate that is no longer on hold, in a list of changes. */
function isRemoved({ crlEntryExtensions = [] }: asn1.RevokedCertificate): boolean {
  const reason = crlEntryExtensions.find(({ extnID }) => extnID === asn1.id_ce_cRLReasons);
  return (
    reason !== undefined &&
    AsnConvert.parse(reason.extnValue.buffer, asn1.CRLReason).reason === asn1.CRLReasons.removeFromCRL
  );
}

const hexOf = (serial: ArrayBuffer): string =>
  Buffer.from(serial)
    .toString('hex')
    .replace(/^(00)+(?=..)/, '');

/** What the list states of the certificate, if anything. */
export function statementOf(
  { list, issuer, revoked, isPartial, isUnknown }: Crl,
  certificate: Certificate,
  by: Certificate,
): Statement | undefined {
  if (isUnknown || !issuer.equals(certificate.issuer) || !mayUse(by, asn1.KeyUsageFlags.cRLSign))
    return undefined;
  const revokedAt = revoked.get(hexOf(certificate.tbs.serialNumber));
  if (isPartial && revokedAt === undefined) return undefined;
  const signed = new Uint8Array(list.tbsCertListRaw as ArrayBuffer);
  if (!hasSigned(by, list.signatureAlgorithm, signed, new Uint8Array(list.signature))) return undefined;
  const { thisUpdate, nextUpdate } = list.tbsCertList;
  return { revokedAt, thisUpdate: thisUpdate.getTime(), nextUpdate: nextUpdate?.getTime() };
}
