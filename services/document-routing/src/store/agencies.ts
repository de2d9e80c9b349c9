import { Agency } from '@lienthong/contracts/directory';
import type { Tx } from '@lienthong/kit';

/**
 * Keeps the newest version of each agency. The lock on agency_revision lasts until commit, so that a reader who has
 * seen a revision has seen all before it.
 */
export function saveAgencies(tx: Tx, agencies: readonly Agency[]): void {
  const newest = new Map<string, Agency>();
  for (const agency of agencies)
    if ((newest.get(agency.id)?.version ?? -1n) < agency.version) newest.set(agency.id, agency);
  const rows = [...newest.values()];
  if (rows.length === 0) return;
  tx.send({
    name: 'save_agencies',
    text: `with next as (update agency_revision set revision = revision + 1 returning revision)
           insert into agency (id, version, record, revision)
           select a.id, a.version, a.record, next.revision
             from unnest($1::uuid[], $2::bigint[], $3::bytea[]) as a (id, version, record), next
               on conflict (id) do update
              set version = excluded.version, record = excluded.record, revision = excluded.revision
            where agency.version < excluded.version`,
    values: [
      rows.map((one) => one.id),
      rows.map((one) => one.version.toString()),
      rows.map((one) => Buffer.from(Agency.encode(one).finish())),
    ],
  });
}
