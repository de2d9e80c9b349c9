import { type Database, dueWorker, type Logger, type Worker } from '@lienthong/kit';
import type { Span } from '../domain/span.ts';
import { bytesOf, writeSpans } from '../store/write-spans.ts';

export interface SpanQueue extends Worker {
  /** False when there is no room: the sender keeps them, and sends them later. */
  offer(spans: readonly Span[]): boolean;
}

export interface SpanQueueOptions {
  db: Database;
  log: Logger;
  /** Of the spans that wait; about what they take in memory. */
  maxBytes: number;
}

const BATCH = 2_000;
/** Attempts, with pauses up to half a minute between them. Then the next batch is tried: the first may be at fault. */
const MOST_FAILURES = 10;
/** Spans wait so long for others that are written with them. */
const LINGER_MS = 500;

/** Writes spans in batches. While the database is away they wait, as far as there is room. */
export function spanQueue({ db, log, maxBytes }: SpanQueueOptions): SpanQueue {
  let waiting: Span[] = [];
  let bytes = 0;
  let failures = 0;
  const writer = dueWorker({
    name: 'writing spans',
    log,
    everyMs: LINGER_MS,
    async *work() {
      while (waiting.length > 0) {
        const batch = waiting.slice(0, BATCH);
        try {
          await writeSpans(db, batch);
          failures = 0;
        } catch (err) {
          failures += 1;
          if (failures < MOST_FAILURES) throw err;
          log.error({ err, spans: batch.length }, 'spans dropped: they cannot be written');
          failures = 0;
        }
        waiting = waiting.slice(batch.length);
        bytes -= bytesOf(batch);
        yield batch.length;
      }
    },
  });
  return {
    ...writer,
    offer(spans) {
      const more = bytesOf(spans);
      if (bytes + more > maxBytes && waiting.length > 0) return false;
      for (const span of spans) waiting.push(span);
      bytes += more;
      if (waiting.length >= BATCH) writer.wake();
      return true;
    },
    async stop() {
      // The spans of the processes that stop with this one.
      await writer.runDue().catch((err) => log.warn({ err, spans: waiting.length }, 'spans not written'));
      await writer.stop();
    },
  };
}
