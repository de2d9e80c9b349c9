import type { Reader, Tx } from '@lienthong/kit';

export interface TemplateRow {
  key: string;
  version: number;
  title: string;
  body: string;
  saved_at: Date;
  saved_by: string;
}

const COLUMNS = 'key, version, title, body, saved_at, saved_by';

export async function countVersions(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ count: number }>({
    name: 'template-count',
    text: 'select count(*)::int as count from template',
  });
  return row?.count ?? 0;
}

/** The newest saved version of each key that has one. */
export const readNewest = (reader: Reader): Promise<TemplateRow[]> =>
  reader.query({
    name: 'template-newest',
    text: `select distinct on (key) ${COLUMNS} from template order by key, version desc`,
  });

/** Every saved version of one key, the newest first. */
export const readVersions = (reader: Reader, key: string): Promise<TemplateRow[]> =>
  reader.query({
    name: 'template-versions',
    text: `select ${COLUMNS} from template where key = $1 order by version desc`,
    values: [key],
  });

/**
 * Adds the next version of a template; the first saved one is 2. Concurrent saves of one template wait for each other,
 * so that no version is given twice.
 */
export async function insertVersion(
  tx: Tx,
  given: { key: string; title: string; body: string; savedAt: Date; savedBy: string },
): Promise<TemplateRow> {
  tx.send({
    name: 'template-lock',
    text: "select pg_advisory_xact_lock(hashtextextended('notification template ' || $1, 0))",
    values: [given.key],
  });
  const [row] = await tx.query<TemplateRow>({
    name: 'template-insert',
    text: `
      insert into template (${COLUMNS})
      select $1, coalesce((select max(version) from template where key = $1), 1) + 1, $2, $3, $4, $5
      returning ${COLUMNS}`,
    values: [given.key, given.title, given.body, given.savedAt, given.savedBy],
  });
  return row as TemplateRow;
}
