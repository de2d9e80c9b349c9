/** The certificate that a signature was made with, as far as it can be read. */
export interface SigningCertificate {
  /** Common name of the subject. */
  commonName: string;
  /** The subject on one line, most general part first: "C=VN, O=…, CN=…". */
  subject: string;
  issuer: string;
  /** Hexadecimal, upper case, without leading zeros. */
  serialNumber: string;
  /** SHA-256 of the certificate, lower-case hexadecimal. */
  fingerprint: string;
  /** Values of the subject that may name its agency: organizationIdentifier, user id, serial number, organisational units. */
  identifiers: readonly string[];
}

export type SignatureFault =
  /** The bytes are not a signature of this format. */
  | 'SIGNATURE_MALFORMED'
  | 'SIGNATURE_TOO_LARGE'
  /** Too weak, or not known here: keys of RSA under 2,048 bits, SHA-1. */
  | 'ALGORITHM_REFUSED'
  /** The signature is about other content. */
  | 'CONTENT_CHANGED'
  /** The key of the certificate has not made the signature. */
  | 'SIGNATURE_WRONG'
  /** The signature does not bring its certificate. */
  | 'CERTIFICATE_MISSING'
  | 'CERTIFICATE_UNTRUSTED'
  /** Of the certificate or one above it. */
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_REVOKED'
  /** Neither CRL nor OCSP say anything about it, and the policy requires them. */
  | 'REVOCATION_UNKNOWN'
  /** The certificate is for other purposes than signatures. */
  | 'CERTIFICATE_USAGE_WRONG'
  /** In a PDF: the signature leaves out bytes besides its own. */
  | 'SIGNED_RANGE_WRONG'
  /** In a PDF: content was added after the signature, and no valid signature covers it. */
  | 'CHANGED_AFTER_SIGNING';

/** Why a certificate is believed: an authority has issued it, or it is registered. */
export type TrustedBy = 'AUTHORITY' | 'REGISTRATION';

/** What a check finds out, also before a fault. */
export interface Found {
  certificate?: SigningCertificate;
  /** The time that the signer claims; nothing proves it. */
  signedAt?: Date;
  /** OCSP requests (DER) for the certificates whose revocation is not known. */
  ocspRequests?: readonly Uint8Array[];
}

/** Why the signer is believed. */
export interface Believed {
  trustedBy: TrustedBy;
  /** False: no CRL and no OCSP response covers the certificate, or it is trusted itself. */
  revocationChecked: boolean;
}

export type Verdict =
  | (Found & Believed & { valid: true; certificate: SigningCertificate })
  | (Found & { valid: false; fault: SignatureFault; detail: string });

/** Why a signature is not valid; thrown inside this package only. */
export class SignatureError extends Error {
  override name = 'SignatureError';
  readonly fault: SignatureFault;
  constructor(fault: SignatureFault, detail: string) {
    super(detail);
    this.fault = fault;
  }
}

export const malformed = (detail: string): SignatureError =>
  new SignatureError('SIGNATURE_MALFORMED', detail);

/** A stranger's text without characters that databases refuse or that change how the others look. */
export const visibleText = (text: string): string =>
  text.replace(/\s+/gu, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\ufffd');

const LAST_TIME = Date.UTC(9999, 11, 31);

/** A time that a signer claims. @throws SignatureError for one that is not a time, or not between the years 1970 and 9999 */
export function claimedTime(time: Date): Date {
  const ms = time.getTime();
  if (!(ms >= 0 && ms < LAST_TIME)) throw malformed('the time of signing is not a time');
  return time;
}

/** Carries out a check. What it has found out about the signer before a fault is in the verdict. */
export async function verdictOf(
  check: (found: Found) => Promise<Believed & { certificate: SigningCertificate }>,
): Promise<Verdict> {
  const found: Found = {};
  try {
    const believed = await check(found);
    return { ...found, ...believed, valid: true };
  } catch (error) {
    // Libraries throw errors of many classes for bytes that are not what they should be.
    const { fault, message } = error instanceof SignatureError ? error : malformed(shortMessage(error));
    return { ...found, valid: false, fault, detail: visibleText(message) };
  }
}

const shortMessage = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 200);
