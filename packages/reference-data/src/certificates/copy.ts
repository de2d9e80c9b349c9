import { SystemCertificate } from '@lienthong/contracts/directory';
import type { ConsumerOptions } from '@lienthong/eventlog';
import { followCopies, type Refreshed } from '../copy/cache.ts';
import type { Kind } from '../copy/kind.ts';
import { saveCopies } from '../copy/save.ts';

const CERTIFICATES: Kind<SystemCertificate> = { table: 'certificate', codec: SystemCertificate };

const TYPES = [
  'lienthong.directory.v1.CertificateRegistered',
  'lienthong.directory.v1.CertificateRevoked',
] as const;

/** Keeps a service's copy of the certificates: each event carries its certificate as it stands after it. */
export const certificatesConsumer: ConsumerOptions<(typeof TYPES)[number]> = {
  name: 'certificates',
  source: 'directory',
  types: TYPES,
  handle(tx, events) {
    saveCopies(
      tx,
      CERTIFICATES,
      events.map(({ payload: { certificate }, envelope: { eventId, version } }) => {
        if (!certificate) throw new Error(`event ${eventId} carries no certificate`);
        return { id: certificate.id, version, record: certificate };
      }),
    );
  },
};

/** The certificates in this process's memory. */
export interface CertificateCache extends Refreshed {
  /** @param fingerprint SHA-256, as the directory keeps it */
  find(fingerprint: string): SystemCertificate | undefined;
}

export function createCertificateCache(): CertificateCache {
  const newest = new Map<string, { certificate: SystemCertificate; version: number }>();
  const put = (certificate: SystemCertificate, version: number) => {
    const before = newest.get(certificate.fingerprint);
    if (before === undefined || before.version < version)
      newest.set(certificate.fingerprint, { certificate, version });
  };
  return {
    find: (fingerprint) => newest.get(fingerprint)?.certificate,
    ...followCopies(CERTIFICATES, put),
  };
}
