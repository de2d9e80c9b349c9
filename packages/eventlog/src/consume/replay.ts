import { type Database, isRetryable, isUnavailable } from '@lienthong/kit';
import type { Consumer } from './consumer.ts';
import { lockCursor } from './cursor.ts';
import { countParked, firstParked, noteParkedError, unpark } from './parked.ts';

/**
 * Replays parked events, each in a transaction that also unparks it, in order per aggregate.
 * An aggregate whose event fails again keeps its place; the others go on.
 */
export async function replayParked(
  db: Database,
  consumers: readonly Consumer[],
  name: string,
  aggregateId: string | undefined,
): Promise<{ replayed: number; stillParked: number }> {
  const failed: string[] = [];
  let replayed = 0;
  while (true) {
    let current: Awaited<ReturnType<typeof firstParked>>;
    try {
      await db.transaction(async (tx) => {
        // While this holds the cursors, no later event of the aggregate can park behind the one replayed.
        for (const { key } of consumers) if (key.name === name) lockCursor(tx, key);
        current = await firstParked(tx, name, aggregateId, failed);
        if (current === undefined) return;
        const { key, event } = current;
        const consumer = consumers.find((one) => one.key.name === name && one.key.source === key.source);
        if (consumer === undefined) throw new Error(`no consumer ${name} of ${key.source} runs here`);
        unpark(tx, key, event.envelope.position);
        await consumer.apply(tx, [event]);
      });
    } catch (error) {
      if (current === undefined || isUnavailable(error) || isRetryable(error)) throw error;
      failed.push(current.event.envelope.aggregateId);
      await noteParkedError(db, current.key, current.event.envelope.position, (error as Error).message);
      continue;
    }
    if (current === undefined) return { replayed, stillParked: await countParked(db, name) };
    replayed += 1;
  }
}
