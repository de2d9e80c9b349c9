import type { Tx } from '@lienthong/kit';
import type { Copy, Kind } from './kind.ts';

/**
 * Keeps the newest version of each record. The lock on the kind's revision lasts until commit, so that a reader who
 * has seen a revision has seen all before it.
 */
export function saveCopies<T>(tx: Tx, { table, codec }: Kind<T>, copies: readonly Copy<T>[]): void {
  const newest = new Map<string, Copy<T>>();
  for (const copy of copies)
    if ((newest.get(copy.id)?.version ?? -1) < copy.version) newest.set(copy.id, copy);
  const rows = [...newest.values()];
  if (rows.length === 0) return;
  tx.send({
    name: `save_${table}`,
    text: `with next as (update ${table}_revision set revision = revision + 1 returning revision)
           insert into ${table} (id, version, record, revision)
           select new.id, new.version, new.record, next.revision
             from unnest($1::uuid[], $2::bigint[], $3::bytea[]) as new (id, version, record), next
               on conflict (id) do update
              set version = excluded.version, record = excluded.record, revision = excluded.revision
            where ${table}.version < excluded.version`,
    values: [
      rows.map((one) => one.id),
      rows.map((one) => one.version),
      rows.map((one) => Buffer.from(codec.encode(one.record).finish())),
    ],
  });
}
