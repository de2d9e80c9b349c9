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
/** So many events that all followers have are dropped together, because each drop copies what remains. */
const DROPPED_TOGETHER = 256;
/** How many bytes the attributes of an event count as. */
const ATTRIBUTE_BYTES = 1_024;
const REOPEN_MS = 200;

/** One that reads at the tail: what it has is not kept for it. */
interface Follower {
  bell: Wakeup;
  /** The position of the event that it takes next. */
  next: number;
}

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
  /** The follower's bell rings when there is more, and when the tail has ended. */
  join(follower: Follower): void;
  leave(follower: Follower): void;
  followers(): number;
  ended(): boolean;
  stop(): void;
}

function openTail(options: ReadOptions): Tail {
  const stopping = new AbortController();
  const followers = new Set<Follower>();
  let kept: RawEvent[] = [];
  let bytes = 0;
  let first = options.from;
  let ended = false;
  const next = () => first + kept.length;

  function keep(batch: readonly RawEvent[]): void {
    kept.push(...batch);
    for (const event of batch) bytes += sizeOf(event);
    let furthestBack = next();
    for (const follower of followers) furthestBack = Math.min(furthestBack, follower.next);
    const had = furthestBack - first;
    if (had >= DROPPED_TOGETHER) drop(had);
    if (kept.length > KEPT_EVENTS || bytes > KEPT_BYTES) drop(countBeyondHalf());
  }

  /** How many of the oldest events go so that half of what may be kept remains. */
  function countBeyondHalf(): number {
    let count = 0;
    for (let left = bytes; kept.length - count > KEPT_EVENTS / 2 || left > KEPT_BYTES / 2; count += 1)
      left -= sizeOf(kept[count] as RawEvent);
    return count;
  }

  function drop(count: number): void {
    for (let i = 0; i < count; i += 1) bytes -= sizeOf(kept[i] as RawEvent);
    kept = kept.slice(count);
    first += count;
  }

  function end(): void {
    ended = true;
    stopping.abort();
    for (const { bell } of followers) bell.ring();
  }

  void (async () => {
    for await (const batch of readStream({ ...options, signal: stopping.signal })) {
      keep(batch);
      for (const { bell } of followers) bell.ring();
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
    join: (follower) => void followers.add(follower),
    leave: (follower) => void followers.delete(follower),
    followers: () => followers.size,
    ended: () => ended,
    stop: end,
  };
}

const sizeOf = ({ bytes }: RawEvent): number => bytes.length + ATTRIBUTE_BYTES;

/** One tail for each connection and stream. */
const tails = new WeakMap<NatsConnection, Map<string, Tail>>();

/** The events of a stream from a position on, gapless and in order, in batches; ends when the signal aborts. */
export async function* follow(options: FollowOptions): AsyncGenerator<RawEvent[]> {
  const { signal, maxBatch, lingerMs } = options;
  const follower: Follower = { bell: wakeup(), next: options.from };
  while (!signal.aborted) {
    const tail = tailFor({ ...options, from: follower.next });
    tail.join(follower);
    try {
      if (!tail.reaches(follower.next)) {
        for await (const batch of readStream({ ...options, from: follower.next })) {
          follower.next += batch.length;
          for (let at = 0; at < batch.length; at += maxBatch) yield batch.slice(at, at + maxBatch);
          if (tail.ended() || tail.reaches(follower.next)) break;
        }
      }
      while (!signal.aborted && !tail.ended() && tail.reaches(follower.next)) {
        const ready = tail.next() - follower.next;
        if (ready === 0) {
          await follower.bell.wait(1_000, signal);
          continue;
        }
        if (ready < maxBatch) await pause(lingerMs, signal);
        const batch = tail.reaches(follower.next) ? tail.take(follower.next, maxBatch) : [];
        follower.next += batch.length;
        if (batch.length > 0) yield batch;
      }
    } finally {
      tail.leave(follower);
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
