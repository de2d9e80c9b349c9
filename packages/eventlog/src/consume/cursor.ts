import type { Database, Tx } from '@lienthong/kit';

/** Identifies a consumer: its name and the source that it reads. */
export interface ConsumerKey {
  name: string;
  source: string;
}

/** The position up to which the consumer has applied its source; creates the cursor at 0. */
export async function readCursor(db: Database, { name, source }: ConsumerKey): Promise<number> {
  const rows = await db.query<{ position: number }>({
    name: 'eventlog_read_cursor',
    text: `with new as (insert into consumer_cursor (name, source, position) values ($1, $2, 0)
                        on conflict do nothing returning position)
           select position from new
           union all
           select position from consumer_cursor where name = $1 and source = $2`,
    values: [name, source],
  });
  return rows[0]?.position ?? 0;
}

/**
 * Moves the cursor from the expected position; the transaction fails when it stands elsewhere (`isFenced`). Locks the
 * row until the transaction ends, so that a second consumer of the name waits, finds it moved and gives up: a batch is
 * applied once.
 */
export function moveCursor(tx: Tx, { name, source }: ConsumerKey, from: number, to: number): void {
  tx.send({
    name: 'eventlog_move_cursor',
    text: 'select move_cursor($1, $2, $3, $4)',
    values: [name, source, from, to],
  });
}

/** Another process has moved the cursor: this one is no longer the consumer. */
export const isFenced = (error: unknown): boolean =>
  (error as { code?: string } | undefined)?.code === 'LT001';

/** Keeps the consumer from applying anything until the transaction ends. */
export function lockCursor(tx: Tx, { name, source }: ConsumerKey): void {
  tx.send({
    text: 'select position from consumer_cursor where name = $1 and source = $2 for update',
    values: [name, source],
  });
}
