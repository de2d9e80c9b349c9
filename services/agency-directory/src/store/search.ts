import { Agency } from '@lienthong/contracts/directory';
import type { Database } from '@lienthong/kit';

/** Where a page of hits ended. */
export type SearchCursor = [rank: number, searchKey: string, id: string];

/**
 * Agencies by a search key (`searchKey` of the kit, so no wildcards are in it): the whole name, then the name without its
 * kind ("hoa minh" of "xa hoa minh"), beginnings of the name, of a word, and anywhere; "hleo" finds "h leo" too. Tier 0:
 * every tier.
 */
export async function searchAgencies(
  db: Database,
  filter: { key: string; at: string; tier: number; includeEnded: boolean },
  after: SearchCursor | undefined,
  limit: number,
): Promise<{ item: Agency; cursor: SearchCursor }[]> {
  const rows = await db.query<{ record: Buffer; rank: number; search_key: string; id: string }>({
    name: 'agency_search',
    // Indices agency_name_search and agency_name_joined_search (trigrams) from three characters on; the few thousand names are read through below that.
    text: `
      with hit (id, rank, search_key) as (
        select distinct on (n.agency_id) n.agency_id, r.rank, n.search_key
        from agency_name n
        cross join lateral (
          select min(case
            when k.key = $1 then 0
            when k.key like '% ' || $1 then 1
            when k.key like $1 || '%' then 2
            when k.key like '% ' || $1 || '%' then 3
            else 4
          end)
          from (values (n.search_key), (n.joined_key)) as k (key)
          where k.key like '%' || $1 || '%'
        ) as r (rank)
        where (n.search_key like '%' || $1 || '%' or n.joined_key like '%' || $1 || '%') and ($4 or n.validity @> $2::date)
        order by n.agency_id, r.rank, n.search_key
      )
      select a.record, h.rank, h.search_key, a.id
      from hit h join agency a on a.id = h.id
      where ($3 = 0 or exists (
          select from agency_placement p
          where p.agency_id = h.id and p.tier = $3 and ($4 or p.validity @> $2::date)
        ))
        and ($5::int is null or (h.rank, h.search_key, h.id) > ($5::int, $6, $7::uuid))
      order by h.rank, h.search_key, h.id
      limit $8`,
    values: [
      filter.key,
      filter.at,
      filter.tier,
      filter.includeEnded,
      ...(after ?? [null, null, null]),
      limit,
    ],
  });
  return rows.map((row) => ({
    item: Agency.decode(row.record),
    cursor: [row.rank, row.search_key, row.id],
  }));
}
