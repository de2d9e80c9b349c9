import type { Database } from '@lienthong/kit';

export interface TableRows {
  schema: string;
  table: string;
  rows: number;
}

/** Counts the rows of every table of the schema by reading them, so that a damaged table is noticed. */
export async function countRows(db: Database): Promise<TableRows[]> {
  const tables = await db.query<{ name: string; quoted: string }>({
    text: `select tablename as name, quote_ident(tablename) as quoted from pg_tables where schemaname = $1 order by tablename`,
    values: [db.schema],
  });
  const counted: TableRows[] = [];
  for (const { name, quoted } of tables) {
    const [row] = await db.query<{ rows: number }>({
      text: `select count(*) as rows from ${quoted}`,
    });
    counted.push({ schema: db.schema, table: name, rows: row?.rows ?? 0 });
  }
  return counted;
}
