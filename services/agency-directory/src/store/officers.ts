import { Officer } from '@lienthong/contracts/directory';
import { type Database, searchKey, type Tx } from '@lienthong/kit';
import type { VersionedOfficer } from '../domain/decide.ts';
import { bound, columns } from './rows.ts';

/** All officers of the agencies named, and of the agencies of the officers named. The register's lock covers them. */
export async function readOfficers(
  tx: Tx,
  agencyIds: readonly string[],
  officerIds: readonly string[],
): Promise<VersionedOfficer[]> {
  const rows = await tx.query<{ record: Buffer; version: number }>({
    name: 'officers_of_agencies',
    text: `
      select record, version from officer
      where agency_id = any($1::uuid[])
         or agency_id in (select agency_id from officer where id = any($2::uuid[]))`,
    values: [agencyIds, officerIds],
  });
  return rows.map(({ record, version }) => ({ officer: Officer.decode(record), version }));
}

export function writeOfficers(tx: Tx, officers: readonly VersionedOfficer[]): void {
  if (officers.length === 0) return;
  tx.send({
    name: 'officer_upsert',
    text: `
      insert into officer (id, agency_id, head, search_key, validity, record, version)
      select id, agency_id, head, search_key, daterange(valid_from, valid_to), record, version
      from unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::text[], $5::date[], $6::date[], $7::bytea[], $8::bigint[])
           as new (id, agency_id, head, search_key, valid_from, valid_to, record, version)
      on conflict (id) do update
      set validity = excluded.validity, record = excluded.record, version = excluded.version`,
    values: columns(
      officers.map(({ officer, version }) => ({
        id: officer.id,
        agencyId: officer.agencyId,
        head: officer.head,
        searchKey: searchKey(officer.fullName),
        validFrom: bound(officer.validFrom),
        validTo: bound(officer.validTo),
        record: Buffer.from(Officer.encode(officer).finish()),
        version,
      })),
    ),
  });
}

/** Where a page of officers ended. */
export type OfficerCursor = [head: boolean, searchKey: string, id: string];

/** Officers in position at a date: the head first, then by name. Nobody is in position at an agency that has ended. */
export async function listOfficers(
  db: Database,
  filter: { agencyId: string; at: string; headOnly: boolean },
  after: OfficerCursor | undefined,
  limit: number,
): Promise<{ item: Officer; cursor: OfficerCursor }[]> {
  const rows = await db.query<{ record: Buffer; head: boolean; search_key: string; id: string }>({
    name: 'officers_at',
    // Index officer_agency; an agency has tens of officers, which are then sorted.
    text: `
      select o.record, o.head, o.search_key, o.id
      from officer o join agency a on a.id = o.agency_id
      where o.agency_id = $1 and o.validity @> $2::date and a.validity @> $2::date and (o.head or not $3)
        and ($4::boolean is null or (not o.head, o.search_key, o.id) > (not $4::boolean, $5, $6::uuid))
      order by not o.head, o.search_key, o.id
      limit $7`,
    values: [filter.agencyId, filter.at, filter.headOnly, ...(after ?? [null, null, null]), limit],
  });
  return rows.map((row) => ({
    item: Officer.decode(row.record),
    cursor: [row.head, row.search_key, row.id],
  }));
}
