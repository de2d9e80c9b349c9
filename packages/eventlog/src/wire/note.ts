import {
  JetStreamApiError,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { headers, type NatsConnection, PermissionViolationError } from '@nats-io/nats-core';
import type { EventMac } from './mac.ts';
import { streamName } from './stream.ts';

/** A short text of a service in NATS. A restore of the service's database does not change it. */
export interface Note {
  /** Undefined when there is none, or one that this service did not write. @throws when NATS does not reply, or refuses */
  read(): Promise<string | undefined>;
  /** Resolves when NATS has it in place of the one before. @throws when NATS does not take it */
  write(text: string): Promise<void>;
}

/** Its stream keeps the newest message alone. */
export const noteStream = (root: string, source: string): string => `${streamName(root, source)}_NOTE`;
export const noteSubject = (root: string, source: string): string => `${root}.note.${source}`;

/** The service's user of NATS has no right to its note. */
export const isNoteRefused = (error: unknown): boolean =>
  error instanceof PermissionViolationError || (error as Error)?.cause instanceof PermissionViolationError;

const MAC = 'ce-mac';
const STREAM_NOT_FOUND = 10059;
const ACK_TIMEOUT_MS = 5_000;

export function createNote(
  nats: NatsConnection,
  root: string,
  source: string,
  replicas: number,
  mac: EventMac,
): Note {
  const [name, subject] = [noteStream(root, source), noteSubject(root, source)];
  let manager: Promise<JetStreamManager> | undefined;
  const streams = async () => {
    // Without the account check: it would fail for good when JetStream is still starting.
    manager ??= jetstreamManager(nats, { checkAPI: false });
    return (await manager).streams;
  };

  const found = async () => {
    try {
      return await (await streams()).getMessage(name, { last_by_subj: subject });
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
      throw error;
    }
  };

  return {
    async read() {
      const message = await found();
      if (!message) return undefined;
      const isOurs = mac.verify(message.header?.get(MAC) ?? '', subject, message.data);
      return isOurs ? new TextDecoder().decode(message.data) : undefined;
    },
    async write(text) {
      if ((await found()) === undefined)
        await (await streams()).add({
          name,
          description: `What ${source} notes outside its database; the newest message counts`,
          subjects: [subject],
          storage: StorageType.File,
          retention: RetentionPolicy.Limits,
          max_msgs: 1,
          num_replicas: replicas,
        });
      const data = new TextEncoder().encode(text);
      const signed = headers();
      signed.set(MAC, mac.sign(subject, data));
      await jetstream(nats).publish(subject, data, { headers: signed, timeout: ACK_TIMEOUT_MS, retries: 0 });
    },
  };
}
