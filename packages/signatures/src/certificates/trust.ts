import { type Certificate, readPemCertificates } from './certificate.ts';
import { type Crl, readPemCrls } from './crl.ts';
import { type OcspResponse, readOcspResponse } from './ocsp.ts';

/** Whose certificates are believed, and what is known of revocations. */
export interface Trust {
  anchors: readonly Certificate[];
  crls: readonly Crl[];
  ocspResponses: readonly OcspResponse[];
  /** A certificate that neither a CRL nor an OCSP response covers is refused. */
  requireRevocation: boolean;
}

/** Trust as files have it; can be cloned to a thread. */
export interface TrustFiles {
  /** PEM: the certificates of authorities. */
  authorities: string;
  /** PEM: their lists of revoked certificates; '' for none. */
  crls?: string;
  /** DER: OCSP responses, or their basic responses. */
  ocspResponses?: readonly Uint8Array[];
  requireRevocation?: boolean;
}

/** @throws Error for a file that cannot be read */
export const readTrust = ({
  authorities,
  crls = '',
  ocspResponses = [],
  requireRevocation = false,
}: TrustFiles): Trust => ({
  anchors: readPemCertificates(authorities),
  crls: readPemCrls(crls),
  ocspResponses: ocspResponses.map(readOcspResponse),
  requireRevocation,
});
