import { decodeEvent, type EventPayload, type EventType, isEventType } from '@lienthong/contracts/events';
import {
  type FeedEvent,
  type FeedServiceClient,
  type FollowResponse,
  Start,
} from '@lienthong/contracts/feed';
import { Status } from 'nice-grpc-common';
import type { CallExtras } from './call.ts';
import { localError } from './errors.ts';
import { beforeNextTry, deadlineIn } from './retry.ts';

/** An event with its payload; `type` tells the payload apart. */
export type FollowedEvent<T extends EventType = EventType> = {
  [K in T]: Omit<FeedEvent, 'type' | 'data'> & { type: K; payload: EventPayload<K> };
}[T];

export interface FollowOptions<T extends EventType = EventType> {
  /** Of the last event that was dealt with; without one it begins with what happens from now on. */
  cursor?: string;
  /** Without a cursor: begins with the oldest event that is kept. */
  fromOldest?: boolean;
  /** Only these; default all. */
  types?: readonly T[];
  /** How often the platform speaks when nothing happens, 1,000 to 60,000; default 15,000. Three of them without a word are a dead line. */
  heartbeatMs?: number;
  signal?: AbortSignal;
  /** What is sent up to this cursor is all there was: to be kept in place of an event's where events are rare. */
  onHeartbeat?: (cursor: string) => void;
  /** An event of a type that this version of the client does not know; without it they are passed over. */
  onUnknown?: (event: FeedEvent) => void;
}

type Client = FeedServiceClient<CallExtras>;

const PATH = '/lienthong.feed.v1.FeedService/Follow';
// The platform ends streams earlier.
const STREAM_MS = 24 * 3_600_000;

/** @throws what is not transient, such as OUT_OF_RANGE (CURSOR_TOO_OLD); AbortError when it was cancelled */
export async function* follow<T extends EventType>(
  client: Client,
  options: FollowOptions<T>,
): AsyncGenerator<FollowedEvent<T>, void, undefined> {
  let cursor = options.cursor ?? '';
  let fruitless = 0;
  const never = deadlineIn(Number.POSITIVE_INFINITY);
  while (true) {
    try {
      for await (const { message } of oneStream(client, cursor, options)) {
        fruitless = 0;
        if (message?.$case === 'heartbeat') {
          cursor = message.value.cursor;
          options.onHeartbeat?.(cursor);
        } else if (message?.$case === 'event') {
          cursor = message.value.cursor;
          const event = typed<T>(message.value);
          if (event) yield event;
          else options.onUnknown?.(message.value);
        }
      }
      throw localError(PATH, Status.UNAVAILABLE, 'the stream ended');
    } catch (error) {
      options.signal?.throwIfAborted();
      fruitless += 1;
      await beforeNextTry(error, fruitless, never, options.signal);
    }
  }
}

/** One stream until it breaks; UNAVAILABLE when the line is silent while something is waited for. */
async function* oneStream(
  client: Client,
  cursor: string,
  { fromOldest = false, types = [], heartbeatMs = 15_000, signal }: FollowOptions,
): AsyncGenerator<FollowResponse, void, undefined> {
  const line = new AbortController();
  const onAbort = () => line.abort();
  signal?.throwIfAborted();
  signal?.addEventListener('abort', onAbort, { once: true });
  const request = {
    cursor,
    start: fromOldest ? Start.OLDEST : Start.NOW,
    types: [...types],
    heartbeat: { seconds: BigInt(Math.floor(heartbeatMs / 1000)), nanos: (heartbeatMs % 1000) * 1e6 },
  };
  const messages = client
    .follow(request, { signal: line.signal, timeoutMs: STREAM_MS })
    [Symbol.asyncIterator]();
  let silent = false;
  try {
    while (true) {
      // Only while it waits: what its reader takes its time with says nothing about the line.
      const silence = setTimeout(() => {
        silent = true;
        line.abort();
      }, 3 * heartbeatMs);
      const next = await messages.next().finally(() => clearTimeout(silence));
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    throw silent ? localError(PATH, Status.UNAVAILABLE, 'the line was silent') : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    line.abort();
    await messages.return?.().catch(() => {});
  }
}

function typed<T extends EventType>({ type, data, ...attributes }: FeedEvent): FollowedEvent<T> | undefined {
  if (!isEventType(type) || data === undefined) return undefined;
  return { ...attributes, type, payload: decodeEvent(type, data.value) } as FollowedEvent<T>;
}
