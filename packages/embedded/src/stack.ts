import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ManagedServer, stopOrphan } from './managed-server.ts';
import { type Nats, type NatsUser, natsOrphan, startNats } from './nats.ts';
import { ownerOf } from './owner-lock.ts';
import { type Postgres, postgresOrphan, startPostgres } from './postgres.ts';
import type { ServerTls } from './tls/server-tls.ts';

export interface StackOptions {
  /** Contains all data: <dataDir>/postgres, <dataDir>/nats. */
  dataDir: string;
  /** On 127.0.0.1; 0 or absent picks a free port. */
  ports?: { postgres?: number; nats?: number };
  /** Called with a line of text for each thing that is fetched, created or started. */
  progress?: (line: string) => void;
  /** An existing PostgreSQL to use instead of starting one. */
  databaseUrl?: string;
  /** An existing NATS with JetStream to use instead of starting one. */
  natsUrl?: string;
  /** Further PostgreSQL settings (`-c name=value`); they override the defaults. */
  postgresFlags?: Record<string, string>;
  /** JetStream's sync_interval: 'always' or a duration. */
  natsSyncInterval?: string;
  /** Who may connect to the started NATS besides its administrator. */
  natsUsers?: readonly NatsUser[];
  /** Both servers speak TLS 1.3 with this certificate, and the URLs say so; absent: plain text. */
  tls?: ServerTls;
}

export interface Stack {
  databaseUrl: string;
  /** The administrator's, unless the options give another. */
  natsUrl: string;
  /** Absent when an existing server is used. */
  postgres?: ManagedServer;
  nats?: ManagedServer;
  /** The started servers read their certificate again; connections go on. */
  reloadTls(): void;
  /** Stops what was started; idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL and nats-server, except a server that the options give by URL. When one fails to start, this stops
 * the other and throws the error.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { progress, databaseUrl, natsUrl } = options;
  const dataDir = resolve(options.dataDir);
  const [postgres, nats] = await Promise.allSettled([
    databaseUrl
      ? undefined
      : startPostgres({
          dir: join(dataDir, 'postgres'),
          port: options.ports?.postgres,
          progress,
          flags: options.postgresFlags,
          tls: options.tls,
        }),
    natsUrl
      ? undefined
      : startNats({
          dir: join(dataDir, 'nats'),
          port: options.ports?.nats,
          progress,
          syncInterval: options.natsSyncInterval,
          users: options.natsUsers,
          tls: options.tls,
        }),
  ]);
  const stop = async () => {
    const servers = [postgres, nats].map((result) =>
      result.status === 'fulfilled' ? result.value?.server : undefined,
    );
    await Promise.all(servers.map((server) => server?.stop()));
  };
  if (postgres.status === 'rejected' || nats.status === 'rejected') {
    await stop();
    const failures = [postgres, nats].flatMap((result) =>
      result.status === 'rejected' ? [result.reason] : [],
    );
    throw failures.length === 1 ? failures[0] : new AggregateError(failures, failures.map(String).join('\n'));
  }
  return {
    databaseUrl: databaseUrl ?? (postgres.value as Postgres).databaseUrl,
    natsUrl: natsUrl ?? (nats.value as Nats).natsUrl,
    postgres: postgres.value?.server,
    nats: nats.value?.server,
    reloadTls() {
      for (const server of [postgres.value?.server, nats.value?.server]) server?.reload();
    },
    stop,
  };
}

/** Stops the servers that a killed process left on this data directory; not those of a running process. */
export async function stopOrphans(
  dataDir: string,
  progress: (line: string) => void = () => {},
): Promise<void> {
  for (const [name, kind] of [
    ['postgres', postgresOrphan],
    ['nats', natsOrphan],
  ] as const) {
    const path = join(resolve(dataDir), name);
    if (!existsSync(path)) continue;
    const dir = realpathSync(path);
    if (ownerOf(dir) === undefined) await stopOrphan(kind(dir), progress);
  }
}
