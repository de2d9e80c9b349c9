import { type Certificate, readPemCertificates } from './certificate.ts';
import { type Crl, readPemCrls } from './crl.ts';
import { type OcspResponse, readOcspResponse } from './ocsp.ts';

/** Whose certificates are believed, and what is known of revocations. */
export interface Trust {
  anchors: readonly Certificate[];
  crls: readonly Crl[];
  ocspResponses: readonly OcspResponse[];
  registrations: readonly Registration[];
  /** A certificate that neither a CRL nor an OCSP response covers is refused. */
  requireRevocation: boolean;
}

/** A certificate that is believed by itself, without an authority. */
export interface Registration {
  /** SHA-256 of the certificate, lower-case hexadecimal. */
  fingerprint: string;
  from: Date;
  /** undefined: it is not revoked. */
  revokedAt: Date | undefined;
}

/** What is known of certificates besides files; can be cloned to a thread. */
export interface Known {
  /** DER: OCSP responses, or their basic responses. */
  ocspResponses: readonly Uint8Array[];
  registrations: readonly Registration[];
}

/** Trust as files have it; can be cloned to a thread. */
export interface TrustFiles {
  /** PEM: the certificates of authorities. */
  authorities: string;
  /** PEM: their lists of revoked certificates; '' for none. */
  crls?: string;
  requireRevocation?: boolean;
}

/** @throws Error for a file that cannot be read */
export const readTrust = ({ authorities, crls = '', requireRevocation = false }: TrustFiles): Trust => ({
  anchors: readPemCertificates(authorities),
  crls: readPemCrls(crls),
  ocspResponses: [],
  registrations: [],
  requireRevocation,
});

/** The trust with more that is known. @throws Error for an OCSP response that cannot be read */
export const extendTrust = (
  trust: Trust,
  { ocspResponses = [], registrations = [] }: Partial<Known>,
): Trust => ({
  ...trust,
  ocspResponses: [...trust.ocspResponses, ...ocspResponses.map(readOcspResponse)],
  registrations: [...trust.registrations, ...registrations],
});
