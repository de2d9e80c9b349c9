import type { AgencyCode } from '@lienthong/contracts/common';
import { Agency } from '@lienthong/contracts/directory';
import type { Database } from '@lienthong/kit';
import { currentHolder, hasEnded } from '@lienthong/reference-data';

interface Row {
  record: Buffer;
}

export async function getAgency(db: Database, id: string): Promise<Agency | undefined> {
  const [row] = await db.query<Row>({
    name: 'agency_by_id',
    text: 'select record from agency where id = $1',
    values: [id],
  });
  return row && Agency.decode(row.record);
}

/** Who has a code at a date. Index: the exclusion constraint's. */
export async function resolveCode(db: Database, code: AgencyCode, at: string): Promise<Agency | undefined> {
  const [row] = await db.query<Row>({
    name: 'agency_by_code',
    text: `
      select a.record
      from agency_code c join agency a on a.id = c.agency_id
      where c.code = $1 and c.scheme = $2 and c.validity @> $3::date`,
    values: [code.code, code.scheme, at],
  });
  return row && Agency.decode(row.record);
}

/** Who had a code last before a date on which nobody has it. Index: the exclusion constraint's. */
export async function lastHolderOf(db: Database, code: AgencyCode, at: string): Promise<Agency | undefined> {
  const [row] = await db.query<Row>({
    name: 'agency_by_old_code',
    text: `
      select a.record
      from agency_code c join agency a on a.id = c.agency_id
      where c.code = $1 and c.scheme = $2 and upper(c.validity) <= $3::date
      order by upper(c.validity) desc
      limit 1`,
    values: [code.code, code.scheme, at],
  });
  return row && Agency.decode(row.record);
}

/** The agency that has the work of one at a date: itself, or its successor; undefined when all of its line have ended. */
export async function readCurrentHolder(
  db: Database,
  agency: Agency,
  at: string,
): Promise<Agency | undefined> {
  if (!hasEnded(agency, at)) return agency;
  const lineage = new Map((await readLineage(db, agency.id)).map((one) => [one.id, one]));
  return currentHolder(lineage, agency.id, at);
}

/** Whether anybody has, had or will have a code. */
export async function isKnownCode(db: Database, code: AgencyCode): Promise<boolean> {
  const rows = await db.query({
    name: 'code_known',
    text: 'select from agency_code where code = $1 and scheme = $2 limit 1',
    values: [code.code, code.scheme],
  });
  return rows.length > 0;
}

/** The agency with its predecessors and successors, transitively, oldest first. */
export async function readLineage(db: Database, id: string): Promise<Agency[]> {
  const rows = await db.query<Row>({
    name: 'agency_lineage',
    // Time runs forward along every edge, so neither walk can go in circles; `union` drops what is reached twice.
    text: `
      with recursive
        before (id) as (
          select $1::uuid
          union
          select s.predecessor_id from before b join succession s on s.successor_id = b.id
        ),
        after (id) as (
          select $1::uuid
          union
          select s.successor_id from after f join succession s on s.predecessor_id = f.id
        )
      select a.record
      from agency a
      where a.id in (select id from before union select id from after)
      order by lower(a.validity) nulls first, upper(a.validity) nulls last, a.id`,
    values: [id],
  });
  return rows.map(({ record }) => Agency.decode(record));
}

/** Where a page of children ended. */
export type ChildCursor = [tier: number, searchKey: string, id: string];

/** Agencies placed directly under another at a date, by tier and name. Tier 0: every tier. */
export async function listChildren(
  db: Database,
  filter: { agencyId: string; at: string; tier: number },
  after: ChildCursor | undefined,
  limit: number,
): Promise<{ item: Agency; cursor: ChildCursor }[]> {
  const rows = await db.query<Row & { tier: number; search_key: string; id: string }>({
    name: 'agency_children',
    // Index agency_placement_parent finds the hundreds of children; only they are sorted.
    text: `
      select a.record, p.tier, n.search_key, a.id
      from agency_placement p
      join agency_name n on n.agency_id = p.agency_id and n.validity @> $2::date
      join agency a on a.id = p.agency_id
      where p.parent_id = $1 and p.validity @> $2::date and ($3 = 0 or p.tier = $3)
        and ($4::smallint is null or (p.tier, n.search_key, a.id) > ($4::smallint, $5, $6::uuid))
      order by p.tier, n.search_key, a.id
      limit $7`,
    values: [filter.agencyId, filter.at, filter.tier, ...(after ?? [null, null, null]), limit],
  });
  return rows.map((row) => ({
    item: Agency.decode(row.record),
    cursor: [row.tier, row.search_key, row.id],
  }));
}
