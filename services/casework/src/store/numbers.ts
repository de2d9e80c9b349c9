import type { Tx } from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import { numberOf } from '../domain/dossier/world.ts';

/**
 * The next numbers of series, by prefix, locked until the transaction ends. Locks in the order of the prefixes.
 */
export async function lockSeries(tx: Tx, prefixes: ReadonlySet<string>): Promise<Map<string, number>> {
  if (prefixes.size === 0) return new Map();
  const values = [[...prefixes].sort()];
  // A new row serves only as a lock; `moveSeries` writes its number together with the dossiers.
  tx.send({
    name: 'ensure_dossier_numbers',
    text: 'insert into dossier_number (prefix) select * from unnest($1::text[]) on conflict do nothing',
    values,
  });
  const rows = await tx.query<{ prefix: string; next: number }>({
    name: 'lock_dossier_numbers',
    text: `select prefix, next from dossier_number where prefix = any($1::text[])
            order by prefix collate "C" for update`,
    values,
  });
  return new Map(rows.map(({ prefix, next }) => [prefix, next]));
}

/** The series of a dossier that was just lodged, with its next number. */
export function nextNumber(dossier: Dossier): [prefix: string, next: number] {
  const { prefix, number } = numberOf(dossier);
  return [prefix, number + 1];
}

/** Writes the next numbers. `lockSeries` has locked the rows. `lodged` is in the order of the numbers. */
export function moveSeries(tx: Tx, lodged: readonly Dossier[]): void {
  const next = new Map(lodged.map(nextNumber));
  tx.send({
    name: 'move_dossier_numbers',
    text: `update dossier_number n set next = m.next
             from unnest($1::text[], $2::int[]) as m (prefix, next)
            where n.prefix = m.prefix`,
    values: [[...next.keys()], [...next.values()]],
  });
}
