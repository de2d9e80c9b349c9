import { CertificatePurpose, type SystemCertificate } from '@lienthong/contracts/directory';

export interface Expiry {
  certificateId: string;
  agencyId: string;
  holder: 'system' | 'agency' | 'officer';
  at: Date;
}

/** When each holder is left without a certificate. What is revoked or has expired does not count. */
export function expiriesOf(certificates: Iterable<SystemCertificate>, now: Date): Expiry[] {
  const last = new Map<string, Expiry>();
  for (const { id, agencyId, system, officerId, purpose, notAfter, revokedAt } of certificates) {
    if (notAfter === undefined || notAfter <= now || revokedAt !== undefined) continue;
    const key = JSON.stringify([agencyId, system, officerId, purpose]);
    const known = last.get(key);
    if (known === undefined || known.at < notAfter)
      last.set(key, { certificateId: id, agencyId, holder: holderOf(purpose), at: notAfter });
  }
  return [...last.values()];
}

function holderOf(purpose: CertificatePurpose): Expiry['holder'] {
  if (purpose === CertificatePurpose.AGENCY_SIGNATURE) return 'agency';
  return purpose === CertificatePurpose.OFFICER_SIGNATURE ? 'officer' : 'system';
}
