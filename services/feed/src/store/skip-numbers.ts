import type { Database } from '@lienthong/kit';

/**
 * Leaves out the next numbers, while the service is stopped. After a restore from an older backup readers may have got
 * them: each is the cursor of another event to them.
 */
export async function skipNumbers(db: Database, count: number): Promise<void> {
  await db.transaction(async (tx) => {
    // A restored server may be read-only until it agrees with the streams.
    tx.send({ text: 'set transaction read write' });
    tx.send({ text: 'update feed_head set seq = seq + $1', values: [count] });
  });
}

/** Leaves out the numbers up to `seq`, unless another process has done so. */
export async function skipTo(db: Database, seq: number): Promise<void> {
  await db.query({ text: 'update feed_head set seq = $1 where seq < $1', values: [seq] });
}
