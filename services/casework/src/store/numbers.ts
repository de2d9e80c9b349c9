import type { Tx } from '@lienthong/kit';
import type { Dossier } from '../domain/state.ts';
import { numberKey } from '../domain/world.ts';

/**
 * The next numbers of series, by `numberKey`; nobody else draws from them until the transaction ends. Locks in the order of
 * the keys.
 */
export async function lockSeries(tx: Tx, keys: ReadonlySet<string>): Promise<Map<string, number>> {
  if (keys.size === 0) return new Map();
  const series = [...keys].sort().map((key) => key.split('|'));
  const values = [series.map(([agencyId]) => agencyId), series.map(([, day]) => day)];
  // The row is only the lock here; what it says is written with the dossiers.
  tx.send({
    name: 'ensure_dossier_numbers',
    text: `insert into dossier_number (agency_id, day)
           select * from unnest($1::uuid[], $2::text[]) on conflict do nothing`,
    values,
  });
  const rows = await tx.query<{ agency_id: string; day: string; next: number }>({
    name: 'lock_dossier_numbers',
    text: `select agency_id, day, next from dossier_number
            where (agency_id, day) in (select * from unnest($1::uuid[], $2::text[]))
            order by agency_id, day collate "C" for update`,
    values,
  });
  return new Map(rows.map((row) => [`${row.agency_id}|${row.day}`, row.next]));
}

/** The last part of `<agency code>-YYMMDD-NNNN`. */
const numberOf = ({ code }: Dossier): number => Number(code.slice(code.lastIndexOf('-') + 1));

/** A dossier that was just lodged moves its series on. */
export function draw(next: Map<string, number>, dossier: Dossier): void {
  next.set(numberKey(dossier.intake.agencyId, dossier.lodgedAt), numberOf(dossier) + 1);
}

/** The rows are there, and locked, since the batch was loaded. `lodged` is in the order of the numbers. */
export function moveSeries(tx: Tx, lodged: readonly Dossier[]): void {
  const next = new Map<string, number>();
  for (const dossier of lodged) draw(next, dossier);
  const series = [...next.keys()].map((key) => key.split('|'));
  tx.send({
    name: 'move_dossier_numbers',
    text: `update dossier_number n set next = m.next
             from unnest($1::uuid[], $2::text[], $3::int[]) as m (agency_id, day, next)
            where (n.agency_id, n.day) = (m.agency_id, m.day)`,
    values: [series.map(([agencyId]) => agencyId), series.map(([, day]) => day), [...next.values()]],
  });
}
