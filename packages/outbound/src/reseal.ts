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
  /** Columns that become null when no key opens them: the row works without them. */
  optional?: readonly string[];
  /** A `text[]` column of digests (`Sealer.digest`) by which rows are found; of the opened texts, in the order of `columns`. */
  lookup?: { column: string; of(sealer: Sealer, texts: readonly (string | null)[]): string[] };
  /** What a sealed text is bound to (`Sealer.seal`). */
  place(id: string, column: string): string;
  /** The ids stand for people, so logs give only their number. */
  personal?: boolean;
}

export interface ResealResult {
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
 * Seals with the first key what other keys sealed, so that an old key can be removed. Any number of processes may do it.
 * It waits for rows that others have locked: a skipped row would be lost with the old key.
 */
export async function resealTables(
  db: Database,
  sealer: Sealer,
  tables: readonly SealedTable[],
): Promise<ResealResult> {
  let resealed = 0;
  const unreadable: { table: SealedTable; id: string }[] = [];
  for (const table of tables) {
    const found: string[] = [];
    for (let read = BATCH; read > 0; ) {
      const before = found.length;
      read = await db.transaction((tx) => resealBatch(tx, sealer, table, found));
      resealed += read - (found.length - before);
    }
    unreadable.push(...found.map((id) => ({ table, id })));
  }
  return { resealed, unreadable };
}

/** Resolves to how many rows it read. Skips the ids in `unreadable`, and adds those of rows that no key opens. */
async function resealBatch(
  tx: Tx,
  sealer: Sealer,
  { table, id, idType, columns, optional = [], lookup, place }: SealedTable,
  unreadable: string[],
): Promise<number> {
  const rows = await tx.query<SealedRow>({
    text: `select ${id} as id, ${columns.join(', ')} from ${table}
            where ${OTHER_KEY} and ${id} <> all($3::${idType}[]) limit $2 for update`,
    values: [sealer.keyId, BATCH, unreadable],
  });
  const resealed = rows.map((row) => ({
    id: row.id,
    texts: columns.map((column) => {
      const sealed = row[column] ?? null;
      const text = sealed === null ? null : reseal(sealer, sealed, place(row.id, column));
      return text === undefined && optional.includes(column) ? null : text;
    }),
  }));
  const readable = resealed.filter(({ texts }) => !texts.includes(undefined));
  unreadable.push(...resealed.filter((row) => !readable.includes(row)).map((row) => row.id));
  if (readable.length > 0) {
    const digestsOf = ({ id, texts }: (typeof readable)[number]): string => {
      const open = (text: string | null | undefined, i: number) =>
        typeof text === 'string' ? sealer.open(text, place(id, columns[i] ?? '')) : null;
      return lookup?.of(sealer, texts.map(open)).join(' ') ?? '';
    };
    const written = lookup ? [...columns, lookup.column] : columns;
    const set = columns.map((column) => `${column} = s.${column}`);
    if (lookup) set.push(`${lookup.column} = string_to_array(s.${lookup.column}, ' ')`);
    tx.send({
      text: `update ${table} t set ${set.join(', ')}
               from unnest($1::${idType}[], ${written.map((_, i) => `$${i + 2}::text[]`).join(', ')})
                    as s (id, ${written.join(', ')}) where t.${id} = s.id`,
      values: [
        plainArray(readable.map((row) => row.id)),
        ...columns.map((_, i) => readable.map(({ texts }) => texts[i])),
        ...(lookup ? [readable.map(digestsOf)] : []),
      ],
    });
  }
  return rows.length;
}

/**
 * A worker that reseals at the start and every `everyMs`: a process that started with the old keys may still write with
 * them. It logs once that everything is sealed with the first key, and whenever that is not so.
 */
export function createResealer(
  what: string,
  everyMs: number,
  log: Logger,
  run: () => Promise<ResealResult>,
): Worker {
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
