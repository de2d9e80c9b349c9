import type { EventSource } from '@lienthong/contracts/events';
import type { Database, Logger } from '@lienthong/kit';
import type { NatsConnection } from '@nats-io/nats-core';
import { createRelay, type Relay } from '../relay/relay.ts';
import { readEventLogSettings } from '../settings.ts';
import { eventMac } from '../wire/mac.ts';
import { type EventStream, eventStream } from '../wire/stream.ts';

/** A service's database, opened as a role that may act as the owner of the schema: it changes rows of the log. */
export interface ServiceDatabase {
  /** The service's name. */
  name: string;
  source: EventSource;
  db: Database;
}

export interface ReconcileDeps {
  /** Of every service, because each may consume the events of all. */
  services: readonly ServiceDatabase[];
  /** A user that may read and rebuild every stream. */
  nats: NatsConnection;
  log: Logger;
  subjectRoot: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** The log of one source, its stream, and what publishes from the one to the other. */
export interface SourceLog {
  source: EventSource;
  db: Database;
  stream: EventStream;
  createRelay(): Relay;
}

export function openSourceLog(
  { nats, log, subjectRoot, env }: ReconcileDeps,
  { source, db }: ServiceDatabase,
): SourceLog {
  const { EVENT_MAC_KEYS: keys, STREAM_REPLICAS: replicas } = readEventLogSettings(env);
  const mac = eventMac(keys, source);
  const stream = eventStream(nats, subjectRoot, source, replicas, mac);
  return {
    source,
    db,
    stream,
    createRelay: () => createRelay({ db, nats, log, source, subjectRoot, stream, mac }),
  };
}
