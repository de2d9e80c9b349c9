import { randomBytes } from 'node:crypto';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import type { NatsConnection } from '@nats-io/nats-core';
import { readIssuers } from './auth/issuer.ts';
import { type TokenVerifier, tokenVerifier } from './auth/token.ts';
import { type Clock, systemClock } from './clock.ts';
import { baseSettings, readSettings } from './config.ts';
import type { BoundService } from './grpc/rpc-service.ts';
import { type GrpcServer, startGrpcServer } from './grpc/server.ts';
import { addressOfCall } from './limits/address.ts';
import { createAdmission } from './limits/admission.ts';
import { admissionLimits, connectionLimits, limitSettings } from './limits/settings.ts';
import { createLog, type Logger } from './log.ts';
import { connectNats, type NatsAccess, readNatsAccess } from './nats.ts';
import { createPageTokens, pageTokenMigrations, readPageTokenKey } from './page-tokens.ts';
import { type Database, openDatabase } from './postgres/database.ts';
import { migrate } from './postgres/migrate.ts';
import type { MigrationSet } from './postgres/migration-files.ts';
import { type Composed, type Service, schemaOf } from './service.ts';
import { startTelemetry } from './telemetry/start.ts';
import { type ListenTls, LOOPBACK_ONLY, openListenTls } from './tls/listen-tls.ts';

/** How a service reaches its database. */
export interface DatabaseAccess {
  /** As the role of the running service. */
  url: string;
  /** As a role that may change the schema; absent: `url` migrates, too. */
  migrationUrl?: string | undefined;
}

export interface RunOptions {
  /** The database of each service: in a process with several, each has its own role. */
  database: (service: string) => DatabaseAccess;
  /** The access of each service: in a process with several, each has its own connection and user. */
  nats: (service: string) => NatsAccess;
  /** host:port; port 0 picks a free one. */
  listen: string;
  /** Of all listeners; plain text on this machine when absent. */
  tls?: ListenTls;
  verifyToken: TokenVerifier;
  log: Logger;
  clock?: Clock;
  subjectRoot?: string;
  /** Connections per service. */
  connections?: number;
  env?: Readonly<Record<string, string | undefined>>;
}

export interface Running {
  /** host:port of the gRPC server. */
  address: string;
  /** Refuses new calls, waits at most 10 seconds for running ones, stops the workers, then closes the connections. */
  stop(): Promise<void>;
}

const GRACE_MS = 10_000;

/** Runs services in this process on one port: migrates, composes, starts workers, then serves. */
export async function runServices(services: readonly Service[], options: RunOptions): Promise<Running> {
  const { log, clock = systemClock, tls = LOOPBACK_ONLY, env = {} } = options;
  const limits = readSettings(limitSettings, env);
  const admission = createAdmission(admissionLimits(limits));
  let server: GrpcServer | undefined;
  // Undone in reverse order, on stop and when the start fails: calls end before the things that they use.
  const undo: (() => Promise<unknown>)[] = [];
  const composed: Composed[] = [];
  const bound: BoundService[] = [];
  let pageTokens = createPageTokens(randomBytes(32));
  const undoAll = async () => {
    for (const one of composed) one.endStreams?.();
    for (const step of [() => server?.stop(GRACE_MS), ...undo.reverse()]) {
      try {
        await step();
      } catch (err) {
        log.error({ err }, 'stopping');
      }
    }
  };
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= undoAll();
    return stopping;
  };
  try {
    const stopObserving = tls.certificate?.observe();
    undo.push(async () => stopObserving?.());
    const connections = new Map<string, NatsConnection>();
    for (const { name } of services) {
      const connection = await connectNats(options.nats(name), name);
      undo.push(() => connection.close());
      connections.set(name, connection);
    }
    // Every service may read every stream, so one connection reads for all services of the process.
    const [reader] = connections.values() as Iterable<NatsConnection>;

    for (const service of services) {
      const schema = schemaOf(service.name);
      const access = options.database(service.name);
      const applied = await migrateService(access, service);
      if (applied.length > 0) log.info({ service: service.name, applied }, 'migrated');
      const serviceLog = log.child({ service: service.name });
      const db = openServiceDatabase(options, access.url, schema, serviceLog);
      undo.push(() => db.close());
      const one = await service.compose({
        name: service.name,
        db,
        nats: connections.get(service.name) as NatsConnection,
        reader: reader as NatsConnection,
        clock,
        log: serviceLog,
        tls,
        subjectRoot: options.subjectRoot ?? 'lt',
        env,
      });
      composed.push(one);
      pageTokens = createPageTokens(await readPageTokenKey(db));
      const { directory, catchUp, readLog } = one;
      const edge = { clock, log: serviceLog, admission, pageTokens, directory, catchUp, readLog };
      bound.push(...one.rpc.map((rpc) => rpc.bind(edge)));
    }
    // It belongs to all services of the process, so it may use the page-token key and directory of any of them.
    const operating = composed.find((one) => one.operations);
    const parts = composed.flatMap(({ operations }) => (operations ? [operations.part] : []));
    if (operating?.operations) {
      const { operations, directory } = operating;
      bound.push(operations.serve(parts).bind({ clock, log, admission, pageTokens, directory }));
    }

    // Before any call: a call may follow what a worker reads.
    for (const worker of composed.flatMap((one) => one.workers)) {
      undo.push(() => worker.stop());
      await worker.start();
    }
    server = await startGrpcServer({
      listen: options.listen,
      tls,
      services: bound,
      descriptors: fileDescriptorSet(),
      verifyToken: options.verifyToken,
      admission,
      addressOf: addressOfCall(limits.TRUSTED_PROXIES),
      connections: connectionLimits(limits),
      certificateProxies: limits.CERTIFICATE_PROXIES,
      log,
    });
    server.setServing(true);
    log.info({ address: server.address }, 'serving');
    return { address: server.address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All migrations of a service, with those that every service has. */
export const migrationsOf = ({ migrations }: Pick<Service, 'migrations'>): readonly MigrationSet[] => [
  pageTokenMigrations,
  ...migrations,
];

/** Brings the schema of a service up to date. Returns the migrations that were applied. */
export function migrateService(
  { url, migrationUrl }: DatabaseAccess,
  service: Pick<Service, 'name' | 'migrations'>,
): Promise<string[]> {
  const [schema, sets] = [schemaOf(service.name), migrationsOf(service)];
  if (migrationUrl === undefined) return migrate(url, schema, sets);
  return migrate(migrationUrl, schema, sets, decodeURIComponent(new URL(url).username));
}

function openServiceDatabase(options: RunOptions, url: string, schema: string, log: Logger): Database {
  return openDatabase({
    url,
    schema,
    connections: options.connections ?? 8,
    onError: (err) => log.warn({ err }, 'database connection lost'),
  });
}

/** A service's whole main: reads settings from the environment, runs until SIGTERM or SIGINT, then drains. */
export async function runMain(services: readonly Service[]): Promise<void> {
  const name = services.map((service) => service.name).join('+');
  const settings = readSettings(baseSettings, process.env);
  const log = createLog(name, settings.LOG_LEVEL);
  const natsAccess = readNatsAccess(settings);
  const tls = await openListenTls(settings, log);
  const telemetry = await startTelemetry({
    service: name,
    otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    metricsListen: settings.METRICS_LISTEN,
    tls,
  });
  const running = await runServices(services, {
    database: () => ({ url: settings.DATABASE_URL, migrationUrl: settings.MIGRATION_DATABASE_URL }),
    nats: () => natsAccess,
    listen: settings.LISTEN,
    tls,
    verifyToken: tokenVerifier(await readIssuers(settings.TOKEN_ISSUERS), {
      maxAgeHours: settings.TOKEN_MAX_AGE_HOURS,
    }),
    log,
    subjectRoot: settings.SUBJECT_ROOT,
    connections: settings.DATABASE_CONNECTIONS,
    env: process.env,
  });
  telemetry.setServing(true);
  const stop = async (signal: string) => {
    log.info({ signal }, 'stopping');
    telemetry.setServing(false);
    await running.stop();
    await telemetry.stop();
    tls.certificate?.close();
  };
  process.once('SIGTERM', (signal) => void stop(signal));
  process.once('SIGINT', (signal) => void stop(signal));
}
