import { entryOf } from '@lienthong/evidence';
import type { Reader } from '@lienthong/kit';
import { toRecord } from '../domain/record.ts';
import { COLUMNS, type EntryRow } from './find.ts';

/**
 * Entries from a leaf on, in order: at most `limit`, and no more than `maxBytes` of payloads unless the first is larger.
 * The sizes of payloads are known without reading them.
 */
export const readLeaves = (
  reader: Reader,
  from: number,
  { limit, maxBytes }: { limit: number; maxBytes: number },
): Promise<EntryRow[]> =>
  reader.query<EntryRow>({
    name: 'audit_read_leaves',
    text: `select ${COLUMNS}
             from (select *, sum(octet_length(payload)) over (order by leaf) as bytes
                     from (select * from entry where leaf >= $1 order by leaf limit $2) as next) as sized
            where bytes <= $3 or leaf = $1
            order by leaf`,
    values: [from, limit, maxBytes],
  });

/** What the tree takes of an entry. */
export interface Leaf {
  leaf: number;
  record_hash: Buffer;
}

/** Of entries that are read as a whole, because the version that recorded them stored no hash. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The hashes of records from a leaf on, in order: at most `limit`. */
export async function readRecordHashes(reader: Reader, from: number, limit: number): Promise<Leaf[]> {
  const rows = await reader.query<Leaf | { leaf: number; record_hash: null }>({
    name: 'audit_read_record_hashes',
    text: 'select leaf, record_hash from entry where leaf >= $1 order by leaf limit $2',
    values: [from, limit],
  });
  const without = rows.findIndex(({ record_hash }) => record_hash === null);
  if (without === 0)
    return (await readLeaves(reader, from, { limit, maxBytes: MAX_BYTES })).map((row) => ({
      leaf: row.leaf,
      record_hash: entryOf(toRecord(row)),
    }));
  return (without < 0 ? rows : rows.slice(0, without)) as Leaf[];
}

/** The number of entries that were ever recorded. */
export async function countLeaves(reader: Reader): Promise<number> {
  const [head] = await reader.query<{ leaves: number }>({
    name: 'audit_count_leaves',
    text: 'select leaves from entry_head',
  });
  if (head === undefined) throw new Error('entry_head has no row; the migration makes it');
  return head.leaves;
}

/** The first entry that is still here: those before it are archived. */
export async function firstLeaf(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ leaf: number }>({
    name: 'audit_first_leaf',
    text: 'select leaf from entry order by leaf limit 1',
  });
  return row?.leaf ?? (await countLeaves(reader));
}
