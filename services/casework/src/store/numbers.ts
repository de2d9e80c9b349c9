import type { Tx } from '@lienthong/kit';
import type { Dossier } from '../domain/state.ts';

/** One dossier number series: an agency and a day, YYMMDD. */
export const seriesKey = (agencyId: string, day: string): string => `${agencyId}|${day}`;

/**
 * The next numbers of series, by key; nobody else draws from them until the transaction ends. Locks in the order of
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
  return new Map(rows.map((row) => [seriesKey(row.agency_id, row.day), row.next]));
}

/** The series a dossier's number was drawn from, and the number: `<agency code>-YYMMDD-NNNN`. */
export function numberOf({ code, intake }: Pick<Dossier, 'code' | 'intake'>): {
  agencyId: string;
  day: string;
  number: number;
} {
  const [number = '', day = ''] = code.split('-').reverse();
  return { agencyId: intake.agencyId, day, number: Number(number) };
}

/** The rows are there, and locked, since the batch was loaded. */
export function moveSeries(tx: Tx, lodged: readonly Dossier[]): void {
  const next = new Map<string, number>();
  for (const dossier of lodged) {
    const { agencyId, day, number } = numberOf(dossier);
    const key = seriesKey(agencyId, day);
    next.set(key, Math.max(next.get(key) ?? 1, number + 1));
  }
  const series = [...next.keys()].map((key) => key.split('|'));
  tx.send({
    name: 'move_dossier_numbers',
    text: `update dossier_number n set next = m.next
             from unnest($1::uuid[], $2::text[], $3::int[]) as m (agency_id, day, next)
            where (n.agency_id, n.day) = (m.agency_id, m.day)`,
    values: [series.map(([agencyId]) => agencyId), series.map(([, day]) => day), [...next.values()]],
  });
}
