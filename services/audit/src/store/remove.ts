import type { Database } from '@lienthong/kit';

const BATCH = 10_000;

/** Removes the entries before a leaf, in batches. Only the owner of the table may switch off its guard. */
export async function removeEntries(db: Database, before: number): Promise<void> {
  for (let removed = BATCH; removed > 0; ) {
    removed = await db.transaction(async (tx) => {
      tx.send({ text: 'alter table entry disable trigger entry_append_only' });
      const [row] = await tx.query<{ n: number }>({
        text: `with old as (select leaf from entry where leaf < $1 order by leaf limit ${BATCH}),
                    removed as (delete from entry e using old where e.leaf = old.leaf returning 1)
               select count(*) as n from removed`,
        values: [before],
      });
      tx.send({ text: 'alter table entry enable trigger entry_append_only' });
      return row?.n ?? 0;
    });
  }
}
