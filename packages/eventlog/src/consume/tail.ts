import { pause, type Wakeup, wakeup } from '@lienthong/kit';
import type { NatsConnection } from '@nats-io/nats-core';
import { streamName } from '../wire/stream.ts';
import type { RawEvent } from './raw-event.ts';
import { type ReadOptions, readStream } from './read-stream.ts';

export interface FollowOptions extends ReadOptions {
  /** The largest number of events in a batch. */
  maxBatch: number;
  /** How long a small batch waits for more events, in ms. */
  lingerMs: number;
}

/** How far a follower may be behind the tail before it reads by itself: in events, and in bytes. */
const KEPT_EVENTS = 8_192;
const KEPT_BYTES = 16 * 1024 * 1024;
/** How many bytes the attributes of an event count as. */
const ATTRIBUTE_BYTES = 1_024;
const REOPEN_MS = 200;

/**
 * The end of a stream, which this process reads once for all its followers. It stands where the furthest follower is. A
 * follower further back reads the stream by itself until it has caught up, so that no follower waits for another.
 */
interface Tail {
  /** The position after the last event read. */
  next(): number;
  /** True when the event at the position is kept, or is the next to come. */
  reaches(position: number): boolean;
  /** Kept events from a position on. */
  take(position: number, count: number): RawEvent[];
  /** The bell rings when there is more, and when the tail has ended. */
  join(bell: Wakeup): void;
  leave(bell: Wakeup): void;
  followers(): number;
  ended(): boolean;
  stop(): void;
}

function openTail(options: ReadOptions): Tail {
  const stopping = new AbortController();
  const followers = new Set<Wakeup>();
  let kept: RawEvent[] = [];
  let bytes = 0;
  let first = options.from;
  let ended = false;
  const next = () => first + kept.length;

  function keep(batch: readonly RawEvent[]): void {
    kept.push(...batch);
    for (const event of batch) bytes += event.bytes.length + ATTRIBUTE_BYTES;
    if (kept.length <= KEPT_EVENTS && bytes <= KEPT_BYTES) return;
    // Drops half at once, because each drop copies what remains.
    let drop = 0;
    while (kept.length - drop > KEPT_EVENTS / 2 || bytes > KEPT_BYTES / 2) {
      bytes -= (kept[drop] as RawEvent).bytes.length + ATTRIBUTE_BYTES;
      drop += 1;
    }
    kept = kept.slice(drop);
    first += drop;
  }

  function end(): void {
    ended = true;
    stopping.abort();
    for (const bell of followers) bell.ring();
  }

  void (async () => {
    for await (const batch of readStream({ ...options, signal: stopping.signal })) {
      keep(batch);
      for (const bell of followers) bell.ring();
    }
  })()
    .catch((err) =>
      options.log.warn({ err, source: options.source }, 'reading failed; opening the stream again'),
    )
    .finally(end);

  return {
    next,
    reaches: (position) => position >= first && position <= next(),
    take: (position, count) => kept.slice(position - first, position - first + count),
    join: (bell) => void followers.add(bell),
    leave: (bell) => void followers.delete(bell),
    followers: () => followers.size,
    ended: () => ended,
    stop: end,
  };
}

/** One tail for each connection and stream. */
const tails = new WeakMap<NatsConnection, Map<string, Tail>>();

/** The events of a stream from a position on, gapless and in order, in batches; ends when the signal aborts. */
export async function* follow(options: FollowOptions): AsyncGenerator<RawEvent[]> {
  const { signal, maxBatch, lingerMs } = options;
  const bell = wakeup();
  let next = options.from;
  while (!signal.aborted) {
    const tail = tailFor({ ...options, from: next });
    tail.join(bell);
    try {
      if (!tail.reaches(next)) {
        for await (const batch of readStream({ ...options, from: next })) {
          next += batch.length;
          for (let at = 0; at < batch.length; at += maxBatch) yield batch.slice(at, at + maxBatch);
          if (tail.ended() || tail.reaches(next)) break;
        }
      }
      while (!signal.aborted && !tail.ended() && tail.reaches(next)) {
        const ready = tail.next() - next;
        if (ready === 0) {
          await bell.wait(1_000, signal);
          continue;
        }
        if (ready < maxBatch) await pause(lingerMs, signal);
        const batch = tail.reaches(next) ? tail.take(next, maxBatch) : [];
        next += batch.length;
        if (batch.length > 0) yield batch;
      }
    } finally {
      tail.leave(bell);
      if (tail.followers() === 0) tail.stop();
    }
    if (tail.ended()) await pause(REOPEN_MS, signal);
  }
}

/** The stream's tail; a new one when there is none, when it has ended, or when the follower is ahead of it. */
function tailFor(options: ReadOptions): Tail {
  const name = streamName(options.subjectRoot, options.source);
  const ofConnection = tails.get(options.nats) ?? new Map<string, Tail>();
  tails.set(options.nats, ofConnection);
  const current = ofConnection.get(name);
  if (current !== undefined && !current.ended() && options.from <= current.next()) return current;
  const tail = openTail(options);
  ofConnection.set(name, tail);
  current?.stop();
  return tail;
}
