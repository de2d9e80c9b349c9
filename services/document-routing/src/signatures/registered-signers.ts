import { CertificatePurpose, type SystemCertificate } from '@lienthong/contracts/directory';
import { SignatureRole } from '@lienthong/contracts/routing';
import { type Reader, vietnamDate } from '@lienthong/kit';
import {
  type AgencyCache,
  type CertificateCache,
  isForSignatures,
  isPostedAt,
  type OfficerCache,
} from '@lienthong/reference-data';
import type { Registration } from '@lienthong/signatures';
import type { RegisteredSigner } from '../domain/signatures.ts';

/** The directory's caches that know signers. */
export interface SignerCaches {
  agencies: AgencyCache;
  officers: OfficerCache;
  certificates: CertificateCache;
}

/** The signers whose certificates are registered in the directory. */
export interface RegisteredSigners {
  refresh(reader: Reader): Promise<unknown>;
  /** Another text when anything has changed. */
  version(): string;
  /** As the check of a signature needs it. */
  registrationOf(fingerprint: string): Registration | undefined;
  /** Whose certificate it was at a time; undefined: nobody's who could sign then. */
  signerAt(fingerprint: string, at: Date): RegisteredSigner | undefined;
}

export function registeredSigners({ agencies, officers, certificates }: SignerCaches): RegisteredSigners {
  const caches = [agencies, officers, certificates];
  const find = (fingerprint: string): SystemCertificate | undefined => {
    const certificate = certificates.find(fingerprint);
    return certificate && isForSignatures(certificate) ? certificate : undefined;
  };
  return {
    refresh: (reader) => Promise.all(caches.map((cache) => cache.refresh(reader))),
    version: () => caches.map((cache) => cache.revision()).join(),
    registrationOf(fingerprint) {
      const found = find(fingerprint);
      return found && { fingerprint, from: found.registeredAt as Date, revokedAt: found.revokedAt };
    },
    signerAt(fingerprint, at) {
      const found = find(fingerprint);
      if (!found || !countsAt(found, at)) return undefined;
      const { agencyId, officerId, purpose } = found;
      if (purpose === CertificatePurpose.AGENCY_SIGNATURE)
        return { agencyId, role: SignatureRole.AGENCY, fullName: '' };
      const officer = officers.get(officerId);
      return officer && isPostedAt({ agencies }, officer, agencyId, vietnamDate(at))
        ? { agencyId, role: SignatureRole.COMPETENT_PERSON, fullName: officer.fullName }
        : undefined;
    },
  };
}

const countsAt = ({ registeredAt, notAfter, revokedAt }: SystemCertificate, at: Date): boolean =>
  (registeredAt as Date) <= at && at <= (notAfter as Date) && (revokedAt === undefined || at < revokedAt);
