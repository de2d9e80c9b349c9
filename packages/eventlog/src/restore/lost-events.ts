import type { Envelope } from '../event.ts';
import { readEnvelope } from '../wire/message.ts';
import type { EventStream } from '../wire/stream.ts';

/** A position that was published and is lost, with the event where the stream still has it. */
export interface LostEvent {
  position: number;
  found: { type: string; envelope: Envelope; payload: Uint8Array } | undefined;
}

const AT_ONCE = 64;

/**
 * The events of the stream at these positions; beyond its end only the positions are known.
 * @throws when a message is not one that the relay of the source published
 */
export async function readLostEvents(
  stream: EventStream,
  first: number,
  last: number,
  streamEnd: number,
): Promise<LostEvent[]> {
  const events: LostEvent[] = [];
  for (let from = first; from <= last; from += AT_ONCE) {
    const positions = Array.from({ length: Math.min(AT_ONCE, last - from + 1) }, (_, n) => from + n);
    events.push(...(await Promise.all(positions.map(read))));
  }
  return events;

  async function read(position: number): Promise<LostEvent> {
    const found = position > streamEnd ? undefined : await stream.messageAt(position);
    if (found === undefined) return { position, found };
    if (!found.authentic)
      throw new Error(
        `the relay did not publish message ${position} (${found.message.subject}): something else published to the ` +
          'stream, or EVENT_MAC_KEYS lacks the key of a restored platform',
      );
    return { position, found: { ...readEnvelope(found.message), payload: found.message.data } };
  }
}
