import type { NatsConnection } from '@nats-io/nats-core';
import type { CallerDirectory } from './auth/caller-directory.ts';
import type { Clock } from './clock.ts';
import type { CatchUp } from './grpc/read-your-writes.ts';
import type { ReadLog } from './grpc/reads.ts';
import type { RpcService } from './grpc/rpc-service.ts';
import type { Logger } from './log.ts';
import type { Database } from './postgres/database.ts';
import type { MigrationSet } from './postgres/migration-files.ts';
import type { ListenTls } from './tls/listen-tls.ts';

/** Something that runs beside the calls: a relay, a consumer, a janitor. */
export interface Worker {
  readonly name: string;
  /** Resolves once the worker runs or stands by. It runs until stopped and survives lost connections. */
  start(): Promise<void>;
  /** Finishes the work in progress and takes no new work. */
  stop(): Promise<void>;
}

/** What a service gets from the process that runs it. */
export interface ServiceContext {
  /** The service's name, for example "document-routing". */
  name: string;
  db: Database;
  /** The service's own connection, as its own user. */
  nats: NatsConnection;
  /** For reading streams: the services of a process share it, so that each stream is read once. */
  reader: NatsConnection;
  clock: Clock;
  log: Logger;
  /** For the HTTP servers of a service. */
  tls: ListenTls;
  /** First token of every NATS subject. */
  subjectRoot: string;
  env: Readonly<Record<string, string | undefined>>;
}

export interface Composed {
  rpc: readonly RpcService[];
  /** Decides for every method who the caller is today. */
  directory: CallerDirectory;
  /** Started in this order, stopped in the reverse one. */
  workers: readonly Worker[];
  /** What operators see and do in this service; one RPC service serves all services of a process. */
  operations?: SharedRpc;
  /** Waits until the service has applied what others have written. */
  catchUp?: CatchUp;
  /** Records what the calls of methods that declare `reads` read. */
  readLog?: ReadLog;
  /** Ends calls that would otherwise never end; called when the process stops, before running calls are waited for. */
  endStreams?: () => void;
}

/** An RPC service that a process has once, for all its services. Every service has the same `serve`. */
export interface SharedRpc<T = unknown> {
  /** Makes the RPC service from the parts of all services in the process. */
  serve(parts: readonly T[]): RpcService;
  /** What this service adds to it. */
  part: T;
}

/** A service as a value: whether one process runs it alone or many together is a deployment decision. */
export interface Service {
  name: string;
  migrations: readonly MigrationSet[];
  compose(context: ServiceContext): Composed | Promise<Composed>;
}

export const defineService = (service: Service): Service => service;

/** The PostgreSQL schema of a service: its name with underscores. */
export const schemaOf = (serviceName: string): string => serviceName.replaceAll('-', '_');
