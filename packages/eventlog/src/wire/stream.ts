import {
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { EventMac } from './mac.ts';
import { isAuthentic, type StreamMessage } from './message.ts';

/** The stream of one source. Its sequence numbers are the positions of the source's events. */
export const streamName = (root: string, source: string): string => `${root}_${source}`.toUpperCase();

export interface StreamState {
  firstSeq: number;
  lastSeq: number;
  /** The number of messages; fewer than the sequences from first to last when some in between were lost. */
  messages: number;
}

export interface EventStream {
  /** The stream's state; undefined when it does not exist. */
  state(): Promise<StreamState | undefined>;
  /** Creates it, when absent, so that its first message gets `firstSeq`. */
  create(firstSeq: number): Promise<void>;
  delete(): Promise<void>;
  /** The message at a sequence; undefined when the stream no longer has it. */
  messageAt(seq: number): Promise<FoundMessage | undefined>;
}

export interface FoundMessage {
  eventId: string;
  /** Whether the relay of the source published it, unchanged and at this place. */
  authentic: boolean;
  message: StreamMessage;
}

const STREAM_NOT_FOUND = 10059;

export function eventStream(
  nats: NatsConnection,
  root: string,
  source: string,
  replicas: number,
  mac: EventMac,
): EventStream {
  const name = streamName(root, source);
  let manager: Promise<JetStreamManager> | undefined;
  const jsm = () => {
    // Without the account check: it would fail for good when JetStream is still starting.
    manager ??= jetstreamManager(nats, { checkAPI: false });
    return manager;
  };
  return {
    async state() {
      const info = await (await jsm()).streams.info(name).catch((error) => {
        if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
        throw error;
      });
      if (info === undefined) return undefined;
      const { first_seq: firstSeq, last_seq: lastSeq, messages } = info.state;
      return { firstSeq, lastSeq, messages };
    },
    async create(firstSeq) {
      const { streams } = await jsm();
      await streams.add({
        name,
        description: `Events of ${source}; sequence number = position in its PostgreSQL log, from which it can be rebuilt`,
        subjects: [`${root}.${source}.>`],
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        num_replicas: replicas,
        allow_direct: true,
      });
      // Not by first_seq: up to 2.11.1 a restarted server then empties the stream (nats-server pull request 6753).
      if (firstSeq > 1) await streams.purge(name, { seq: firstSeq });
    },
    async delete() {
      await (await jsm()).streams.delete(name);
    },
    async messageAt(seq) {
      const message = await (await jsm()).streams.getMessage(name, { seq });
      if (!message) return undefined;
      const { header, subject, data } = message;
      const values = new Map([...(header ?? [])].map(([key, [value]]) => [key, value ?? '']));
      const found = { values, seq, subject, data };
      return { eventId: values.get('ce-id') ?? '', authentic: isAuthentic(found, mac), message: found };
    },
  };
}
