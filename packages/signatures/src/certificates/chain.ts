import * as asn1 from '@peculiar/asn1-x509';
import { checkKey, isSignedBy } from '../algorithms.ts';
import { SignatureError } from '../verdict.ts';
import { type Certificate, extensionOf } from './certificate.ts';
import { isRevokedIn } from './crl.ts';
import { isRevokedBy } from './ocsp.ts';
import type { Trust } from './trust.ts';

/** The signer's certificate, the authorities above it, and the trusted one. */
const MAX_LENGTH = 5;
/** Extensions that are checked here, or that restrict nothing of a signature. */
const KNOWN_CRITICAL: readonly string[] = [
  asn1.id_ce_basicConstraints,
  asn1.id_ce_keyUsage,
  asn1.id_ce_extKeyUsage,
  asn1.id_ce_subjectAltName,
  asn1.id_ce_certificatePolicies,
];
/** Purposes under which documents are signed: any, e-mail, documents (RFC 9336), documents of Microsoft and Adobe. */
const SIGNING_PURPOSES: readonly string[] = [
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.4.1.311.10.3.12',
  '1.2.840.113583.1.1.5',
];

/**
 * Checks that a trusted authority vouched for the certificate at a time (RFC 5280, section 6; without name constraints and
 * policy trees: a certificate that has critical ones is refused).
 * @param others certificates that came with the signature
 * @returns whether revocation could be checked for each certificate below the trusted one
 * @throws SignatureError
 */
export function checkChain(
  leaf: Certificate,
  others: readonly Certificate[],
  { trust, at }: { trust: Trust; at: Date },
): { revocationChecked: boolean } {
  checkKey(leaf.x509.publicKey);
  const path = pathOf(leaf, others, trust);
  for (const [depth, certificate] of path.entries()) checkCertificate(certificate, depth, at);
  checkUsage(leaf);
  const known = path.slice(0, -1).map((certificate, i) => {
    const by = path[i + 1] as Certificate;
    const revoked = isRevoked(certificate, by, trust, at);
    if (revoked) throw new SignatureError('CERTIFICATE_REVOKED', `${nameOf(certificate)} was revoked`);
    return revoked !== undefined;
  });
  const revocationChecked = known.every((one) => one);
  if (trust.requireRevocation && !revocationChecked)
    throw new SignatureError('REVOCATION_UNKNOWN', `no CRL or OCSP response covers ${nameOf(leaf)}`);
  return { revocationChecked };
}

const nameOf = ({ x509 }: Certificate): string => x509.subject.replaceAll('\n', ', ').slice(0, 200);

/** From the signer's certificate to a trusted one. A certificate that is trusted itself is a path of its own. */
function pathOf(leaf: Certificate, others: readonly Certificate[], { anchors }: Trust): Certificate[] {
  const isTrusted = (one: Certificate) => anchors.some(({ x509 }) => x509.raw.equals(one.x509.raw));
  const path = [leaf];
  for (let last = leaf; !isTrusted(last); ) {
    const issuer = [...anchors, ...others].find(
      (one) => one.subject.equals(last.issuer) && !path.includes(one) && hasIssued(one, last),
    );
    if (issuer === undefined || path.length === MAX_LENGTH)
      throw new SignatureError(
        'CERTIFICATE_UNTRUSTED',
        `${nameOf(last)} is not issued by a trusted authority`,
      );
    path.push(issuer);
    last = issuer;
  }
  return path;
}

const hasIssued = (issuer: Certificate, { signatureAlgorithm, signed, signature }: Certificate): boolean =>
  isSignedBy(issuer.x509.publicKey, signatureAlgorithm, signed, signature);

function checkCertificate(certificate: Certificate, depth: number, at: Date): void {
  const { x509, tbs } = certificate;
  if (at < x509.validFromDate)
    throw new SignatureError('CERTIFICATE_NOT_YET_VALID', `${nameOf(certificate)} was not valid yet`);
  if (at > x509.validToDate)
    throw new SignatureError('CERTIFICATE_EXPIRED', `${nameOf(certificate)} had expired`);
  const unknown = tbs.extensions?.find(
    ({ critical, extnID }) => critical && !KNOWN_CRITICAL.includes(extnID),
  );
  if (unknown)
    throw new SignatureError('CERTIFICATE_USAGE_WRONG', `critical extension ${unknown.extnID} is not known`);
  if (depth === 0) return;
  const { cA = false, pathLenConstraint = MAX_LENGTH } =
    extensionOf(certificate, asn1.id_ce_basicConstraints, asn1.BasicConstraints) ?? {};
  if (!cA || depth - 1 > pathLenConstraint || !mayUse(certificate, asn1.KeyUsageFlags.keyCertSign))
    throw new SignatureError(
      'CERTIFICATE_USAGE_WRONG',
      `${nameOf(certificate)} may not issue this certificate`,
    );
}

function checkUsage(leaf: Certificate): void {
  const purposes = extensionOf(leaf, asn1.id_ce_extKeyUsage, asn1.ExtendedKeyUsage);
  const fits = !purposes || [...purposes].some((one) => SIGNING_PURPOSES.includes(one));
  const { digitalSignature, nonRepudiation } = asn1.KeyUsageFlags;
  if (!fits || !mayUse(leaf, digitalSignature | nonRepudiation))
    throw new SignatureError('CERTIFICATE_USAGE_WRONG', `${nameOf(leaf)} is not for signatures of documents`);
}

/** True when the key usage has any of the flags, or is not restricted. */
function mayUse(certificate: Certificate, flags: number): boolean {
  const usage = extensionOf(certificate, asn1.id_ce_keyUsage, asn1.KeyUsage);
  return usage === undefined || (usage.toNumber() & flags) !== 0;
}

function isRevoked(
  certificate: Certificate,
  by: Certificate,
  { crls, ocspResponses }: Trust,
  at: Date,
): boolean | undefined {
  const known = [
    ...crls.map((crl) => isRevokedIn(crl, certificate, by, at)),
    ...ocspResponses.map((response) => isRevokedBy(response, certificate, by, at)),
  ].filter((one) => one !== undefined);
  return known.length === 0 ? undefined : known.some((revoked) => revoked);
}
