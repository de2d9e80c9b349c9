import type { AgencyCode } from '@lienthong/contracts/common';
import { Officer } from '@lienthong/contracts/directory';
import { ImmutableMap } from '@lienthong/eventlog';
import { type Database, searchKey, type Tx } from '@lienthong/kit';
import { isInForce, postingsOf } from '@lienthong/reference-data';
import type { VersionedOfficer } from '../domain/officers/people.ts';
import { withPostings } from '../domain/officers/postings.ts';
import { bound, columns } from './rows.ts';

/** Which officers a batch of commands needs. */
export interface OfficersNeeded {
  officerIds: readonly string[];
  /** All officers of these agencies. */
  agencyIds: readonly string[];
  /** All officers of the agencies that have or had these codes, and of their successors. */
  codes: readonly AgencyCode[];
}

/** The officers whom commands need, with all their colleagues at the agencies named. The register's lock covers them. */
export async function readOfficers(
  tx: Tx,
  { officerIds, agencyIds, codes }: OfficersNeeded,
): Promise<ImmutableMap<string, VersionedOfficer>> {
  if (officerIds.length + agencyIds.length + codes.length === 0) return ImmutableMap.from();
  const rows = await tx.query<{ record: Buffer; version: number }>({
    name: 'officers_of_agencies',
    text: `
      with recursive by_code (agency_id) as (
        select c.agency_id
        from unnest($3::text[], $4::text[]) as named (scheme, code) join agency_code c using (scheme, code)
        union
        select s.successor_id from by_code join succession s on s.predecessor_id = by_code.agency_id
      )
      select record, version from officer
      where id = any($1::uuid[])
         or id in (select officer_id from officer_posting
                   where agency_id = any($2::uuid[]) or agency_id in (select agency_id from by_code))`,
    values: [officerIds, agencyIds, codes.map(({ scheme }) => scheme), codes.map(({ code }) => code)],
  });
  const officers = rows.map(({ record, version }) => ({ officer: Officer.decode(record), version }));
  return ImmutableMap.from(officers.map((stored) => [stored.officer.id, stored]));
}

/** Writes the newest records of officers and rebuilds their postings, as `writeAgencies` does for agencies. */
export function writeOfficers(tx: Tx, officers: readonly VersionedOfficer[]): void {
  if (officers.length === 0) return;
  tx.send({
    name: 'officer_upsert',
    text: `
      insert into officer (id, search_key, record, version, changed)
      select id, search_key, record, version, register.change
      from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bigint[]) as new (id, search_key, record, version), register
      on conflict (id) do update
      set record = excluded.record, version = excluded.version, changed = excluded.changed`,
    values: columns(
      officers.map(({ officer, version }) => ({
        id: officer.id,
        searchKey: searchKey(officer.fullName),
        record: Buffer.from(Officer.encode(officer).finish()),
        version,
      })),
    ),
  });
  tx.send({
    name: 'officer_posting_clear',
    text: 'delete from officer_posting where officer_id = any($1::uuid[])',
    values: [officers.map(({ officer }) => officer.id)],
  });
  tx.send({
    name: 'officer_posting_insert',
    text: `
      insert into officer_posting (officer_id, agency_id, head, validity)
      select officer_id, agency_id, head, daterange(valid_from, valid_to)
      from unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::date[], $5::date[])
           as new (officer_id, agency_id, head, valid_from, valid_to)`,
    values: columns(
      officers.flatMap(({ officer }) =>
        postingsOf(officer).map((posting) => ({
          officerId: officer.id,
          agencyId: posting.agencyId,
          head: posting.head,
          validFrom: bound(posting.validFrom),
          validTo: bound(posting.validTo),
        })),
      ),
    ),
  });
}

/** The officer in the posting of a date; undefined when none is in force then. */
export async function getOfficer(db: Database, id: string, at: string): Promise<Officer | undefined> {
  const [row] = await db.query<{ record: Buffer }>({
    name: 'officer_by_id',
    text: `
      select o.record
      from officer o join officer_posting p on p.officer_id = o.id
      where o.id = $1 and p.validity @> $2::date`,
    values: [id, at],
  });
  return row && asAt(Officer.decode(row.record), at);
}

/** Where a page of officers ended. */
export type OfficerCursor = [head: boolean, searchKey: string, id: string];

/**
 * Officers in position at a date, as they were then: the head first, then by name. Nobody is in position at an agency
 * that has ended.
 */
export async function listOfficers(
  db: Database,
  filter: { agencyId: string; at: string; headOnly: boolean },
  after: OfficerCursor | undefined,
  limit: number,
): Promise<{ item: Officer; cursor: OfficerCursor }[]> {
  const rows = await db.query<{ record: Buffer; head: boolean; search_key: string; id: string }>({
    name: 'officers_at',
    // Index officer_posting_agency; an agency has tens of officers, which are then sorted.
    text: `
      select o.record, p.head, o.search_key, o.id
      from officer_posting p join officer o on o.id = p.officer_id join agency a on a.id = p.agency_id
      where p.agency_id = $1 and p.validity @> $2::date and a.validity @> $2::date and (p.head or not $3)
        and ($4::boolean is null or (not p.head, o.search_key, o.id) > (not $4::boolean, $5, $6::uuid))
      order by not p.head, o.search_key, o.id
      limit $7`,
    values: [filter.agencyId, filter.at, filter.headOnly, ...(after ?? [null, null, null]), limit],
  });
  return rows.map((row) => ({
    item: asAt(Officer.decode(row.record), filter.at),
    cursor: [row.head, row.search_key, row.id],
  }));
}

/** The officer in the posting in force at a date; the later ones are left out. */
function asAt(officer: Officer, date: string): Officer {
  if (isInForce(officer, date)) return officer;
  const upTo = officer.earlier.findIndex((one) => isInForce(one, date)) + 1;
  return withPostings(officer, officer.earlier.slice(0, upTo));
}
