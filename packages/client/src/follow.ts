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
import { deadlineIn, waitBeforeRetry } from './retry.ts';

/** An event with its payload; `type` determines the type of the payload. */
export type FollowedEvent<T extends EventType = EventType> = {
  [K in T]: Omit<FeedEvent, 'type' | 'data'> & { type: K; payload: EventPayload<K> };
}[T];

export interface FollowOptions<T extends EventType = EventType> {
  /** Cursor of the last event that you processed. Without a cursor, following starts with new events. */
  cursor?: string;
  /** Without a cursor: starts with the oldest event that is kept. */
  fromOldest?: boolean;
  /** Event types to receive; default all. */
  types?: readonly T[];
  /** Interval of heartbeats, 1,000 to 60,000; default 15,000. After three intervals without a message the connection counts as dead. */
  heartbeatMs?: number;
  signal?: AbortSignal;
  /** Called with the cursor of a heartbeat: no event before it is missing. Store it like an event's cursor where events are rare. */
  onHeartbeat?: (cursor: string) => void;
  /** Called with an event whose type this version of the client does not know; by default such events are skipped. */
  onUnknown?: (event: FeedEvent) => void;
}

type Client = FeedServiceClient<CallExtras>;

const PATH = '/lienthong.feed.v1.FeedService/Follow';
// The platform ends streams earlier.
const STREAM_MS = 24 * 3_600_000;

/** @throws an error that is not transient, such as OUT_OF_RANGE (CURSOR_TOO_OLD); AbortError when it was cancelled */
export async function* follow<T extends EventType>(
  client: Client,
  options: FollowOptions<T>,
): AsyncGenerator<FollowedEvent<T>, void, undefined> {
  let cursor = options.cursor ?? '';
  let failures = 0;
  const never = deadlineIn(Number.POSITIVE_INFINITY);
  while (true) {
    try {
      for await (const { message } of oneStream(client, cursor, options)) {
        failures = 0;
        if (message?.$case === 'heartbeat') {
          cursor = message.value.cursor;
          options.onHeartbeat?.(cursor);
        } else if (message?.$case === 'event') {
          cursor = message.value.cursor;
          const event = toFollowedEvent<T>(message.value);
          if (event) yield event;
          else options.onUnknown?.(message.value);
        }
      }
      throw localError(PATH, Status.UNAVAILABLE, 'the stream ended');
    } catch (error) {
      options.signal?.throwIfAborted();
      failures += 1;
      await waitBeforeRetry(error, failures, never, options.signal);
    }
  }
}

/** Reads one stream until it breaks; throws UNAVAILABLE when no message comes for three heartbeats. */
async function* oneStream(
  client: Client,
  cursor: string,
  { fromOldest = false, types = [], heartbeatMs = 15_000, signal }: FollowOptions,
): AsyncGenerator<FollowResponse, void, undefined> {
  const stream = new AbortController();
  const onAbort = () => stream.abort();
  signal?.throwIfAborted();
  signal?.addEventListener('abort', onAbort, { once: true });
  const request = {
    cursor,
    start: fromOldest ? Start.OLDEST : Start.NOW,
    types: [...types],
    heartbeat: { seconds: BigInt(Math.floor(heartbeatMs / 1000)), nanos: (heartbeatMs % 1000) * 1e6 },
  };
  const messages = client
    .follow(request, { signal: stream.signal, timeoutMs: STREAM_MS })
    [Symbol.asyncIterator]();
  let silent = false;
  try {
    while (true) {
      // Runs only while this waits for a message: a slow reader does not mean a dead connection.
      const silence = setTimeout(() => {
        silent = true;
        stream.abort();
      }, 3 * heartbeatMs);
      const next = await messages.next().finally(() => clearTimeout(silence));
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    throw silent ? localError(PATH, Status.UNAVAILABLE, 'no message for three heartbeats') : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stream.abort();
    await messages.return?.().catch(() => {});
  }
}

function toFollowedEvent<T extends EventType>({
  type,
  data,
  ...attributes
}: FeedEvent): FollowedEvent<T> | undefined {
  if (!isEventType(type) || data === undefined) return undefined;
  return { ...attributes, type, payload: decodeEvent(type, data.value) } as FollowedEvent<T>;
}
