import { CalendarYear } from '@lienthong/contracts/directory';
import type { Reader, Tx } from '@lienthong/kit';
import type { DecidedYear } from '../domain/calendar.ts';
import { columns } from './rows.ts';

/** Every year that was ever decided: a handful. */
export async function readYears(reader: Reader): Promise<DecidedYear[]> {
  const rows = await reader.query<{ id: string; record: Buffer }>({
    name: 'calendar_years',
    text: 'select id, record from calendar_year order by year',
  });
  return rows.map(({ id, record }) => ({ id, year: CalendarYear.decode(record) }));
}

export async function readYear(reader: Reader, year: number): Promise<CalendarYear | undefined> {
  const [row] = await reader.query<{ record: Buffer }>({
    name: 'calendar_year',
    text: 'select record from calendar_year where year = $1',
    values: [year],
  });
  return row && CalendarYear.decode(row.record);
}

/**
 * One decision at a time: a year is judged together with all others, and one that has no row yet can be locked by no
 * row. Reads go on. What was committed while this waited is seen by the statements after it.
 */
export function lockYears(tx: Tx): void {
  tx.send({ name: 'calendar_years_lock', text: 'lock table calendar_year in share row exclusive mode' });
}

export function writeYears(tx: Tx, years: readonly DecidedYear[]): void {
  tx.send({
    name: 'calendar_year_upsert',
    text: `
      insert into calendar_year (year, id, record, version)
      select year, id, record, version
      from unnest($1::integer[], $2::uuid[], $3::bytea[], $4::bigint[]) as new (year, id, record, version)
      on conflict (year) do update set record = excluded.record, version = excluded.version`,
    values: columns(
      years.map(({ id, year }) => ({
        year: year.year,
        id,
        record: Buffer.from(CalendarYear.encode(year).finish()),
        version: year.version,
      })),
    ),
  });
}
