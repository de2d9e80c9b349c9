import { Agency, Tier } from '@lienthong/contracts/directory';
import type { Database } from '@lienthong/kit';

export interface Responsible {
  agency: Agency;
  /** From the territory up to the agency found. */
  path: string[];
}

/**
 * The nearest agency up the chain from a territory that holds a function at a date: at each step the agency itself,
 * then its departments; of several departments the first by name. Undefined when there is none.
 */
export async function findResponsible(
  db: Database,
  query: { function: string; territoryId: string; at: string },
): Promise<Responsible | undefined> {
  const [row] = await db.query<{ record: Buffer; path: string[] }>({
    name: 'agency_responsible',
    // The chain is a handful of rows and never goes in circles; each step is a look-up in the placement index.
    text: `
      with recursive chain (agency_id, path) as (
        select a.id, array[a.id] from agency a where a.id = $1 and a.validity @> $3::date
        union all
        select p.parent_id, c.path || p.parent_id
        from chain c
        join agency_placement p on p.agency_id = c.agency_id and p.validity @> $3::date
        where p.parent_id is not null
      ),
      candidate (agency_id, path, own) as (
        select agency_id, path, true from chain
        union all
        select p.agency_id, c.path || p.agency_id, false
        from chain c
        join agency_placement p on p.parent_id = c.agency_id and p.tier = $4 and p.validity @> $3::date
        where p.agency_id <> all (c.path)
      )
      select a.record, c.path
      from candidate c
      join agency_function f on f.agency_id = c.agency_id and f.function = $2 and f.validity @> $3::date
      join agency_name n on n.agency_id = c.agency_id and n.validity @> $3::date
      join agency a on a.id = c.agency_id
      order by cardinality(c.path) - (not c.own)::int, c.own desc, n.search_key, a.id
      limit 1`,
    values: [query.territoryId, query.function, query.at, Tier.DEPARTMENT],
  });
  return row && { agency: Agency.decode(row.record), path: row.path };
}
