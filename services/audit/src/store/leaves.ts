import type { Reader } from '@lienthong/kit';
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
