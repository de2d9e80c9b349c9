import {
  type Database,
  dueWorker,
  type Logger,
  plainArray,
  type Reader,
  reseal,
  type Sealer,
  type Tx,
  type Worker,
} from '@lienthong/kit';

/** A table of sealed texts. Its generated column `sealing_key` names the key that sealed a row, and is indexed. */
export interface SealedTable {
  table: string;
  id: string;
  idType: 'text' | 'uuid';
  columns: readonly string[];
  /** Columns that become null when no key opens them: the row works without. */
  optional?: readonly string[];
  /** What a sealed text is bound to (`Sealer.seal`). */
  place(id: string, column: string): string;
  /** The ids stand for people: logs count them only. */
  personal?: boolean;
}

export interface Resealed {
  /** Rows that are sealed with the first key now. */
  resealed: number;
  /** Rows that no sealing key opens; they are left as they are. */
  unreadable: readonly { table: SealedTable; id: string }[];
}

type SealedRow = { id: string } & Record<string, string | null>;

const BATCH = 500;
const OTHER_KEY = '(sealing_key < $1 or sealing_key > $1)';

/** How many rows are sealed with other keys than the first. */
export async function countOutdated(
  reader: Reader,
  sealer: Sealer,
  tables: readonly SealedTable[],
): Promise<number> {
  const [row] = await reader.query<{ n: number }>({
    text: `select ${tables.map(({ table }) => `(select count(*) from ${table} where ${OTHER_KEY})`).join(' + ')} as n`,
    values: [sealer.keyId],
  });
  return row?.n ?? 0;
}

/**
 * Seals with the first key what other keys sealed, so that an old key can be removed. Any number of processes may do it:
 * each takes rows that no other has locked.
 */
export async function resealTables(
  db: Database,
  sealer: Sealer,
  tables: readonly SealedTable[],
): Promise<Resealed> {
  let resealed = 0;
  const unreadable: { table: SealedTable; id: string }[] = [];
  for (const table of tables) {
    const bad: string[] = [];
    for (let seen = BATCH; seen > 0; ) {
      const before = bad.length;
      seen = await db.transaction((tx) => resealBatch(tx, sealer, table, bad));
      resealed += seen - (bad.length - before);
    }
    unreadable.push(...bad.map((id) => ({ table, id })));
  }
  return { resealed, unreadable };
}

/** Resolves to how many rows it read; adds those that no key opens to `bad`, and reads none that is there. */
async function resealBatch(
  tx: Tx,
  sealer: Sealer,
  { table, id, idType, columns, optional = [], place }: SealedTable,
  bad: string[],
): Promise<number> {
  const rows = await tx.query<SealedRow>({
    text: `select ${id} as id, ${columns.join(', ')} from ${table}
            where ${OTHER_KEY} and ${id} <> all($3::${idType}[]) limit $2 for update skip locked`,
    values: [sealer.keyId, BATCH, bad],
  });
  const renewed = rows.map((row) => ({
    id: row.id,
    texts: columns.map((column) => {
      const sealed = row[column] ?? null;
      const text = sealed === null ? null : reseal(sealer, sealed, place(row.id, column));
      return text === undefined && optional.includes(column) ? null : text;
    }),
  }));
  const whole = renewed.filter(({ texts }) => !texts.includes(undefined));
  bad.push(...renewed.filter((row) => !whole.includes(row)).map((row) => row.id));
  if (whole.length > 0)
    tx.send({
      text: `update ${table} t set ${columns.map((column) => `${column} = s.${column}`).join(', ')}
               from unnest($1::${idType}[], ${columns.map((_, i) => `$${i + 2}::text[]`).join(', ')})
                    as s (id, ${columns.join(', ')}) where t.${id} = s.id`,
      values: [
        plainArray(whole.map((row) => row.id)),
        ...columns.map((_, i) => whole.map(({ texts }) => texts[i])),
      ],
    });
  return rows.length;
}

/**
 * A worker that reseals at the start and every `everyMs`: a process that started with the old keys may still write with
 * them. It logs once that everything is sealed with the first key, and whenever that is not so.
 */
export function resealing(what: string, everyMs: number, log: Logger, run: () => Promise<Resealed>): Worker {
  let reported = false;
  return dueWorker({
    name: `resealing ${what}`,
    log,
    everyMs,
    async *work() {
      const { resealed, unreadable } = await run();
      if (unreadable.length > 0)
        log.warn(
          {
            resealed,
            unreadable: unreadable.length,
            rows: unreadable
              .flatMap(({ table, id }) => (table.personal ? [] : `${table.table} ${id}`))
              .slice(0, 20),
          },
          `no sealing key opens some ${what}; add their key again, or have them set again`,
        );
      else if (resealed > 0 || !reported)
        log.info({ resealed, unreadable: 0 }, `all ${what} are sealed with the first sealing key`);
      reported = true;
      yield resealed;
    },
  });
}
