import * as asn1 from '@peculiar/asn1-x509';
import { checkKey } from '../algorithms.ts';
import { type Believed, type Found, SignatureError } from '../verdict.ts';
import { type Certificate, extensionOf, fingerprintOf, mayUse, nameOf } from './certificate.ts';
import { statementOf } from './crl.ts';
import { ocspRequest, statementsOf } from './ocsp.ts';
import { findPath, MAX_LENGTH } from './path.ts';
import { isRevokedAt } from './revocation.ts';
import type { Trust } from './trust.ts';

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

interface Against {
  trust: Trust;
  at: Date;
}

/**
 * Checks that a trusted authority vouched for the certificate at a time, or that it was registered then. A revocation
 * counts by either of them.
 * @param others certificates that came with the signature
 * @param found gets OCSP requests for what is not known
 * @throws SignatureError
 */
export function checkChain(
  leaf: Certificate,
  others: readonly Certificate[],
  against: Against,
  found: Found,
): Believed {
  checkKey(leaf.x509.publicKey);
  const { trust, at } = against;
  const fingerprint = fingerprintOf(leaf);
  const registration = trust.registrations.find((one) => one.fingerprint === fingerprint);
  if (registration?.revokedAt !== undefined && registration.revokedAt <= at) throw revoked(leaf);
  try {
    return checkAuthorities(leaf, others, against, found);
  } catch (error) {
    const isFinal = !(error instanceof SignatureError) || error.fault === 'CERTIFICATE_REVOKED';
    if (isFinal || registration === undefined || at < registration.from) throw error;
    checkCertificate(leaf, 0, at);
    checkUsage(leaf);
    return { trustedBy: 'REGISTRATION', revocationChecked: false };
  }
}

/** RFC 5280, section 6; without name constraints and policy trees: a certificate that has critical ones is refused. */
function checkAuthorities(
  leaf: Certificate,
  others: readonly Certificate[],
  { trust, at }: Against,
  found: Found,
): Believed {
  const path = findPath(leaf, others, trust.anchors, (tried) => {
    for (const [depth, certificate] of tried.entries()) checkCertificate(certificate, depth, at);
  });
  checkUsage(leaf);
  const below = path.slice(0, -1);
  const unknown = below.flatMap((certificate, i) => {
    const by = path[i + 1] as Certificate;
    const known = isRevoked(certificate, by, trust, at);
    if (known) throw revoked(certificate);
    return known === undefined ? [{ certificate, by }] : [];
  });
  const [first] = unknown;
  if (first) found.ocspRequests = unknown.map(({ certificate, by }) => ocspRequest(certificate, by));
  if (trust.requireRevocation && first)
    throw new SignatureError(
      'REVOCATION_UNKNOWN',
      `no CRL or OCSP response covers ${nameOf(first.certificate)}`,
    );
  // Nobody revokes a signer that is trusted itself.
  return { trustedBy: 'AUTHORITY', revocationChecked: below.length > 0 && !first };
}

const revoked = (certificate: Certificate): SignatureError =>
  new SignatureError('CERTIFICATE_REVOKED', `${nameOf(certificate)} was revoked`);

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
  if (!servesSigning(certificate)) throw usageWrong(certificate);
  if (depth === 0) return;
  // Constraints bind also when they are not critical.
  if (tbs.extensions?.some(({ extnID }) => extnID === asn1.id_ce_nameConstraints))
    throw new SignatureError('CERTIFICATE_USAGE_WRONG', `${nameOf(certificate)} has name constraints`);
  const { cA = false, pathLenConstraint = MAX_LENGTH } =
    extensionOf(certificate, asn1.id_ce_basicConstraints, asn1.BasicConstraints) ?? {};
  if (!cA || depth - 1 > pathLenConstraint || !mayUse(certificate, asn1.KeyUsageFlags.keyCertSign))
    throw new SignatureError(
      'CERTIFICATE_USAGE_WRONG',
      `${nameOf(certificate)} may not issue this certificate`,
    );
}

/** The purposes of an authority bind those below it. */
function servesSigning(certificate: Certificate): boolean {
  const purposes = extensionOf(certificate, asn1.id_ce_extKeyUsage, asn1.ExtendedKeyUsage);
  return !purposes || [...purposes].some((one) => SIGNING_PURPOSES.includes(one));
}

function checkUsage(leaf: Certificate): void {
  const { digitalSignature, nonRepudiation } = asn1.KeyUsageFlags;
  if (!mayUse(leaf, digitalSignature | nonRepudiation)) throw usageWrong(leaf);
}

const usageWrong = (certificate: Certificate): SignatureError =>
  new SignatureError('CERTIFICATE_USAGE_WRONG', `${nameOf(certificate)} is not for signatures of documents`);

function isRevoked(
  certificate: Certificate,
  by: Certificate,
  { crls, ocspResponses }: Trust,
  at: Date,
): boolean | undefined {
  const known = [
    ...crls.flatMap((crl) => statementOf(crl, certificate, by) ?? []),
    ...ocspResponses.flatMap((response) => statementsOf(response, certificate, by)),
  ].flatMap((statement) => isRevokedAt(statement, at) ?? []);
  return known.length === 0 ? undefined : known.some((revoked) => revoked);
}
