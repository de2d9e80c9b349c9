import { SystemCertificate } from '@lienthong/contracts/directory';
import { type Clock, type Database, type Logger, observeGauges, type Worker } from '@lienthong/kit';
import { followCopies } from '@lienthong/reference-data';
import { type Expiry, expiriesOf } from '../domain/expiry.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Each certificate that expires within this time is logged once: metrics name no agency. */
const SOON_MS = 30 * DAY_MS;

/** How long registered certificates are valid, read when metrics are collected. */
export function expiryMetrics(db: Database, clock: Clock, log: Logger): Worker {
  const registered = followCertificates();
  const logged = new Set<string>();
  const logSoon = ({ certificateId, agencyId, holder, at }: Expiry, now: Date) => {
    if (at.getTime() - now.getTime() > SOON_MS || logged.has(certificateId)) return;
    logged.add(certificateId);
    log.warn({ agency: agencyId, certificateId, holder, expiresAt: at }, 'a registered certificate expires');
  };
  let stop = () => {};
  return {
    name: 'expiry metrics',
    async start() {
      stop = observeGauges(
        'lienthong.directory',
        {
          'lienthong.directory.certificates.valid': {
            unit: 'd',
            description: 'Days until the first system or signer is left without a registered certificate',
          },
        },
        async (report) => {
          await registered.refresh(db);
          const now = clock.now();
          const first = new Map<string, number>();
          for (const expiry of expiriesOf(registered.certificates(), now)) {
            logSoon(expiry, now);
            const known = first.get(expiry.holder) ?? Number.POSITIVE_INFINITY;
            first.set(expiry.holder, Math.min(known, expiry.at.getTime()));
          }
          for (const [holder, atMs] of first)
            report('lienthong.directory.certificates.valid', (atMs - now.getTime()) / DAY_MS, { holder });
        },
      );
    },
    async stop() {
      stop();
    },
  };
}

/** The table in memory: certificates change seldom, and metrics are collected often. */
function followCertificates() {
  const newest = new Map<string, { certificate: SystemCertificate; version: number }>();
  const put = (certificate: SystemCertificate, version: number) => {
    const known = newest.get(certificate.id);
    if (known === undefined || known.version < version) newest.set(certificate.id, { certificate, version });
  };
  return {
    ...followCopies({ table: 'certificate', codec: SystemCertificate }, put),
    certificates: () => [...newest.values()].map(({ certificate }) => certificate),
  };
}
