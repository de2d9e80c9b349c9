import { Agency, Officer, SystemCertificate } from '@lienthong/contracts/directory';
import type { CommandModel } from '@lienthong/eventlog';
import type { Database, Tx } from '@lienthong/kit';
import {
  type CertificateCommand,
  type CertificateReply,
  type CertificateState,
  decideCertificate,
  evolveCertificates,
  type VersionedCertificate,
} from '../domain/certificates.ts';
import { columns } from './rows.ts';

/** One change at a time: a certificate that has no row yet can be locked by no row. */
export function certificateModel(): CommandModel<
  CertificateCommand,
  CertificateState,
  CertificateReply,
  VersionedCertificate
> {
  return { load, decide: decideCertificate, evolve: evolveCertificates, project };
}

interface Row {
  record: Buffer;
  version: number;
}

async function load(tx: Tx, commands: readonly CertificateCommand[]): Promise<CertificateState> {
  tx.send({ name: 'certificates_lock', text: 'select from certificate_revision for update' });
  const registered = commands.flatMap((one) => (one.kind === 'register' ? [one.certificate] : []));
  const revoked = commands.flatMap((one) => (one.kind === 'revoke' ? [one.certificateId] : []));
  const agencyIds = registered.map(({ agencyId }) => agencyId);
  const officerIds = registered.flatMap(({ officerId }) => officerId || []);
  const [certificates, agencies, officers] = await Promise.all([
    tx.query<Row>({
      name: 'certificates_needed',
      text: `select record, version from certificate
             where id = any($1::uuid[]) or fingerprint = any($2::text[]) or agency_id = any($3::uuid[])`,
      values: [revoked, registered.map(({ fingerprint }) => fingerprint), agencyIds],
    }),
    tx.query<Pick<Row, 'record'>>({
      name: 'agencies_of_certificates',
      text: `select record from agency
             where id = any($2::uuid[]) or id in (select agency_id from certificate where id = any($1::uuid[]))`,
      values: [revoked, agencyIds],
    }),
    tx.query<Pick<Row, 'record'>>({
      name: 'officers_of_certificates',
      text: 'select record from officer where id = any($1::uuid[])',
      values: [officerIds],
    }),
  ]);
  return {
    agencies: new Map(agencies.map((row) => Agency.decode(row.record)).map((one) => [one.id, one])),
    officers: new Map(officers.map((row) => Officer.decode(row.record)).map((one) => [one.id, one])),
    certificates: new Map(
      certificates
        .map(({ record, version }) => ({ certificate: SystemCertificate.decode(record), version }))
        .map((one) => [one.certificate.id, one]),
    ),
  };
}

/** Of several changes of one certificate in a batch only the last one is written. */
function project(tx: Tx, changes: readonly VersionedCertificate[]): void {
  const newest = new Map(changes.map((stored) => [stored.certificate.id, stored]));
  tx.send({
    name: 'certificate_upsert',
    text: `
      with next as (update certificate_revision set revision = revision + 1 returning revision)
      insert into certificate (id, agency_id, system, fingerprint, record, version, revision)
      select new.id, agency_id, system, fingerprint, record, version, next.revision
      from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::bigint[])
           as new (id, agency_id, system, fingerprint, record, version), next
      on conflict (id) do update
      set record = excluded.record, version = excluded.version, revision = excluded.revision`,
    values: columns(
      [...newest.values()].map(({ certificate, version }) => ({
        id: certificate.id,
        agencyId: certificate.agencyId,
        system: certificate.system,
        fingerprint: certificate.fingerprint,
        record: Buffer.from(SystemCertificate.encode(certificate).finish()),
        version,
      })),
    ),
  });
}

/** Where a page of certificates ended. */
export type CertificateCursor = [system: string, id: string];

/** All certificates that were ever registered for an agency, by system, oldest first. Index certificate_of_agency. */
export async function listCertificates(
  db: Database,
  agencyId: string,
  after: CertificateCursor | undefined,
  limit: number,
): Promise<{ item: SystemCertificate; cursor: CertificateCursor }[]> {
  const rows = await db.query<{ record: Buffer; system: string; id: string }>({
    name: 'certificates_of_agency',
    text: `
      select record, system, id
      from certificate
      where agency_id = $1 and ($2::text is null or (system, id) > ($2, $3::uuid))
      order by system, id
      limit $4`,
    values: [agencyId, ...(after ?? [null, null]), limit],
  });
  return rows.map(({ record, system, id }) => ({
    item: SystemCertificate.decode(record),
    cursor: [system, id],
  }));
}
