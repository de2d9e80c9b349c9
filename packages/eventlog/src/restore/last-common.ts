import type pg from 'pg';
import { type Bounds, eventIdAt } from '../relay/read-log.ts';
import type { EventStream, StreamState } from '../wire/stream.ts';

/**
 * The last position at which log and stream have the same event. Both only grow, so they are the same up to there and
 * differ from there on. A message that the stream has lost counts as the same.
 */
export async function lastCommonPosition(
  log: pg.Client,
  stream: EventStream,
  { firstSeq, lastSeq }: StreamState,
  { first, last }: Bounds,
): Promise<number> {
  // The same up to `low`; what is above `high` cannot be.
  let low = Math.max(first, firstSeq) - 1;
  let high = Math.min(last, lastSeq);
  let at = high;
  while (low < high) {
    const differing = await firstDifferenceDownTo(low);
    if (differing === undefined) low = at;
    else high = differing - 1;
    at = Math.ceil((low + high) / 2);
  }
  return high;

  /** Undefined when the nearest message from `at` downwards is the log's event, or when none is left above `low`. */
  async function firstDifferenceDownTo(low: number): Promise<number | undefined> {
    for (let position = at; position > low; position -= 1) {
      const message = await stream.messageAt(position);
      if (message === undefined) continue;
      return message.eventId === (await eventIdAt(log, position)) ? undefined : position;
    }
    return undefined;
  }
}
