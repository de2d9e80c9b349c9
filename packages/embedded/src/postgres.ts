import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, escapeIdentifier } from 'pg';
import { childEnvironment } from './config.ts';
import { keptPassword } from './kept-password.ts';
import { type ManagedServer, type ServerKind, startServer } from './managed-server.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { hasArgument, isAlive } from './processes.ts';
import { type SystemUser, serverDirectory } from './system-user.ts';
import { copyPair, placeFile, type ServerTls } from './tls/server-tls.ts';

export interface PostgresOptions {
  /** The server's directory: data/, password, server.log. */
  dir: string;
  /** On 127.0.0.1; 0, the default, picks a free one. */
  port?: number;
  progress?: (line: string) => void;
  /** Further settings (`-c name=value`); they override the defaults here. */
  flags?: Record<string, string>;
  tls?: ServerTls | undefined;
}

export interface Postgres {
  server: ManagedServer;
  /** The superuser's URL of the database `lienthong`. */
  databaseUrl: string;
}

const DATABASE = 'lienthong';

/** fsync, synchronous_commit and full_page_writes repeat PostgreSQL's defaults: the platform's durability depends on them. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '256MB',
  max_connections: '300',
  max_wal_size: '2GB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Starts PostgreSQL 18 on the directory, which it creates when absent. An error contains the end of the server's log. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const progress = options.progress ?? (() => {});
  const { dir, user } = serverDirectory(options.dir, progress);
  const binaries = postgresBinaries(user, progress);
  const password = keptPassword(dir, user);
  const data = join(dir, 'data');
  const env = childEnvironment();
  const { tls } = options;
  const query = tls ? `?sslmode=verify-full&sslrootcert=${encodeURIComponent(tls.caFile)}` : '';
  const url = (port: number, database: string) =>
    `postgres://postgres:${password}@127.0.0.1:${port}/${database}${query}`;
  const settings = { ...SETTINGS, ...(tls && tlsSettings(dir)), ...options.flags };
  // PostgreSQL takes a key only from a file of its own user.
  const placeTls = () => {
    if (tls === undefined) return;
    copyPair(tls, certOf(dir), keyOf(dir), user);
    placeFile(accessOf(dir), TLS_ONLY, user);
  };

  const server = await startServer(
    {
      ...postgresOrphan(dir),
      dir,
      user,
      env,
      command: binaries.postgres,
      args: (port) => [
        ...['-D', data, '-p', String(port)],
        ...Object.entries({ ...compression(binaries, data, user), ...settings }).flatMap(([name, value]) => [
          '-c',
          `${name}=${value}`,
        ]),
      ],
      async prepare() {
        placeTls();
        if (existsSync(data)) return;
        progress(`creating a PostgreSQL database in ${data}`);
        await initialise(binaries, dir, user, env);
      },
      ready: async (pid) => {
        const [owner, , , , , , , status] = postmasterFile(data);
        return owner === String(pid) && status?.trim() === 'ready';
      },
      started: (port) => createDatabase(url(port, 'postgres')),
      diagnose: (log) => {
        if (log.includes('could not create any TCP/IP sockets')) return 'port';
        // Processes of a killed postmaster take a moment to notice its death.
        return log.includes('is still in use') ? 'wait' : 'fatal';
      },
      reload: placeTls,
      wipe: async () => rmSync(data, { recursive: true, force: true }),
    },
    options.port ?? 0,
    progress,
  );
  progress(`PostgreSQL 18 runs on 127.0.0.1:${server.port}`);
  return { server, databaseUrl: url(server.port, DATABASE) };
}

const certOf = (dir: string) => join(dir, 'server-cert.pem');
const keyOf = (dir: string) => join(dir, 'server-key.pem');
const accessOf = (dir: string) => join(dir, 'tls-only.conf');

/** Who may connect, as pg_hba.conf says it: everyone with a password, over TLS. */
const TLS_ONLY = 'hostssl all all 127.0.0.1/32 scram-sha-256\n';

const tlsSettings = (dir: string): Record<string, string> => ({
  ssl: 'on',
  ssl_cert_file: certOf(dir),
  ssl_key_file: keyOf(dir),
  ssl_min_protocol_version: 'TLSv1.3',
  hba_file: accessOf(dir),
});

/** How to recognise and stop a server that lost its parent. SIGINT is PostgreSQL's fast shutdown. */
export function postgresOrphan(
  dir: string,
): Pick<ServerKind, 'orphan' | 'label' | 'portSetting' | 'stopSignal' | 'stopGraceMs'> {
  return {
    label: 'PostgreSQL',
    portSetting: 'POSTGRES_PORT',
    stopSignal: 'SIGINT',
    stopGraceMs: 60_000,
    orphan: () => orphan(join(dir, 'data')),
  };
}

/**
 * Returns the postmaster that runs on this data according to the pid file. Removes the file when its process id belongs
 * to another program by now: PostgreSQL would refuse to start. It still protects its shared memory by itself.
 */
function orphan(data: string): number | undefined {
  const pid = Number(postmasterFile(data)[0]);
  if (!(pid > 0) || !isAlive(pid)) return undefined;
  const ours = hasArgument(pid, data);
  if (ours === undefined && isAlive(pid)) {
    throw new Error(
      `${join(data, 'postmaster.pid')} names process ${pid}, which cannot be identified; stop that process or remove the file`,
    );
  }
  if (!ours) rmSync(join(data, 'postmaster.pid'), { force: true });
  return ours ? pid : undefined;
}

/** Lines: process id, data directory, start time, port, socket directory, address, shared memory, status. */
function postmasterFile(data: string): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Works under a temporary name until complete, so that an interrupted initdb is not used as a database. */
async function initialise(
  binaries: PostgresBinaries,
  dir: string,
  user: SystemUser | undefined,
  env: ServerKind['env'],
): Promise<void> {
  const incomplete = join(dir, 'data.new');
  rmSync(incomplete, { recursive: true, force: true });
  const args = [
    ...['-D', incomplete, '-U', 'postgres', `--pwfile=${join(dir, 'password')}`, '--auth=scram-sha-256'],
    ...[
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
    ],
  ];
  await promisify(execFile)(binaries.initdb, args, { ...user, env, cwd: dir });
  renameSync(incomplete, join(dir, 'data'));
}

/** lz4 where the build supports it. The alternative costs more processor time than the smaller log saves. */
function compression(
  binaries: PostgresBinaries,
  data: string,
  user: SystemUser | undefined,
): Record<string, string> {
  const args = ['-D', data, '-c', 'wal_compression=lz4', '-C', 'wal_compression'];
  const probe = spawnSync(binaries.postgres, args, {
    ...user,
    env: childEnvironment(),
    cwd: '/',
    stdio: 'ignore',
  });
  return probe.status === 0 ? { wal_compression: 'lz4' } : {};
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${escapeIdentifier(DATABASE)}`);
  } finally {
    await client.end();
  }
}
