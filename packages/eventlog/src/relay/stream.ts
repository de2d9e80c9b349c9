import {
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';

/** The stream of one source. Its sequence numbers are the positions of the source's events. */
export const streamName = (root: string, source: string): string => `${root}_${source}`.toUpperCase();

export interface StreamState {
  firstSeq: number;
  lastSeq: number;
}

export interface EventStream {
  /** The stream's state; undefined when it does not exist. */
  state(): Promise<StreamState | undefined>;
  /** Creates it so that the next message gets `firstSeq`. */
  create(firstSeq: number): Promise<void>;
  /** The id of the event at a sequence; undefined when the message is not there any more. */
  eventIdAt(seq: number): Promise<string | undefined>;
}

const STREAM_NOT_FOUND = 10059;

export function eventStream(
  nats: NatsConnection,
  root: string,
  source: string,
  replicas: number,
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
      return info && { firstSeq: info.state.first_seq, lastSeq: info.state.last_seq };
    },
    async create(firstSeq) {
      await (await jsm()).streams.add({
        name,
        description: `Events of ${source}; sequence number = position in its PostgreSQL log, from which it can be rebuilt`,
        subjects: [`${root}.${source}.>`],
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        num_replicas: replicas,
        first_seq: firstSeq,
        allow_direct: true,
      });
    },
    async eventIdAt(seq) {
      const message = await (await jsm()).streams.getMessage(name, { seq });
      return message?.header.get('ce-id');
    },
  };
}
