import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { childEnvironment } from './config.ts';
import { keptPassword } from './kept-password.ts';
import { type ManagedServer, type ServerKind, startServer } from './managed-server.ts';
import { findNatsServer } from './nats-binary/find.ts';
import { jetStreamAnswers } from './nats-ready.ts';
import { hasArgument, isAlive } from './processes.ts';
import type { ServerTls } from './tls/server-tls.ts';

/** Who may connect besides the administrator, by a key pair (nkey), and what they may do there. */
export interface NatsUser {
  /** The public key, `U…`. */
  nkey: string;
  publish: readonly string[];
  subscribe: readonly string[];
}

/** A server's place in a cluster. */
export interface NatsPeer {
  /** Unique in the cluster. */
  name: string;
  /** Where it listens for the other servers, on 127.0.0.1. */
  port: number;
  /** Where the other servers listen for it. */
  routes: readonly number[];
  /** Where it serves its state over HTTP (/jsz, /healthz), on 127.0.0.1. */
  monitorPort: number;
}

export interface NatsOptions {
  /** The server's directory: jetstream/, nats-server.conf, password, server.log. */
  dir: string;
  /** On 127.0.0.1; 0, the default, picks a free one. */
  port?: number;
  progress?: (line: string) => void;
  /**
   * When JetStream forces messages to disk: 'always' or a duration such as '2m' (nats-server's default).
   * The platform does not need it: PostgreSQL is the record.
   */
  syncInterval?: string;
  users?: readonly NatsUser[];
  tls?: ServerTls | undefined;
  /** The server is one of a cluster. It is ready once enough of them run for JetStream to have a leader. */
  peer?: NatsPeer;
  /** The administrator's; random and kept in the directory by default. */
  password?: string;
}

export interface Nats {
  server: ManagedServer;
  /** The administrator's URL, with the password. */
  natsUrl: string;
}

/** Starts nats-server with JetStream on the directory, which it creates when absent. Finds or fetches the program. */
export async function startNats(options: NatsOptions): Promise<Nats> {
  const progress = options.progress ?? (() => {});
  const binary = await findNatsServer({ progress });
  mkdirSync(dirname(options.dir), { recursive: true });
  if (!existsSync(options.dir)) mkdirSync(options.dir, { mode: 0o700 });
  const dir = realpathSync(options.dir);
  const password = options.password ?? keptPassword(dir);
  const server = await startServer(
    {
      ...natsOrphan(dir),
      dir,
      env: childEnvironment(),
      command: binary.path,
      args: () => ['-c', configFile(dir)],
      async prepare(port) {
        writeFileSync(configFile(dir), configuration(dir, port, password, options), { mode: 0o600 });
        // The mode above counts only for a new file.
        chmodSync(configFile(dir), 0o600);
      },
      ready: async (pid, port) =>
        pidFrom(dir) === pid && (await jetStreamAnswers(port, ADMINISTRATOR, password, options.tls)),
      started: async () => {},
      diagnose: (log) => (log.includes('address already in use') ? 'port' : 'fatal'),
      reload: () => {},
      wipe: async () => rmSync(join(dir, 'jetstream'), { recursive: true, force: true }),
    },
    options.port ?? 0,
    progress,
  );
  progress(`nats-server ${binary.version} runs on 127.0.0.1:${server.port}`);
  return {
    server,
    natsUrl: `${options.tls ? 'tls' : 'nats'}://${ADMINISTRATOR}:${password}@127.0.0.1:${server.port}`,
  };
}

/** How to recognise and stop a server that lost its parent. */
export function natsOrphan(
  dir: string,
): Pick<ServerKind, 'orphan' | 'label' | 'portSetting' | 'stopSignal' | 'stopGraceMs'> {
  return {
    label: 'nats-server',
    portSetting: 'NATS_PORT',
    stopSignal: 'SIGTERM',
    stopGraceMs: 20_000,
    orphan: () => {
      const pid = pidFrom(dir);
      return pid !== undefined && isAlive(pid) && hasArgument(pid, configFile(dir)) ? pid : undefined;
    },
  };
}

const ADMINISTRATOR = 'administrator';

const configFile = (dir: string) => join(dir, 'nats-server.conf');
const pidFile = (dir: string) => join(dir, 'nats-server.pid');

function pidFrom(dir: string): number | undefined {
  try {
    return Number(readFileSync(pidFile(dir), 'utf8')) || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** JSON strings are valid in nats-server's configuration. */
function configuration(
  dir: string,
  port: number,
  password: string,
  { syncInterval, users = [], tls, peer }: NatsOptions,
): string {
  const all = [
    { user: ADMINISTRATOR, password },
    ...users.map(({ nkey, publish, subscribe }) => ({ nkey, permissions: { publish, subscribe } })),
  ];
  return [
    `listen: ${JSON.stringify(`127.0.0.1:${port}`)}`,
    `pid_file: ${JSON.stringify(pidFile(dir))}`,
    `authorization { users: ${JSON.stringify(all, undefined, 2)} }`,
    ...(tls
      ? [
          `tls { cert_file: ${JSON.stringify(tls.certFile)}, key_file: ${JSON.stringify(tls.keyFile)}, min_version: "1.3" }`,
        ]
      : []),
    ...(peer ? clusterConfiguration(peer) : []),
    'jetstream {',
    `  store_dir: ${JSON.stringify(dir)}`,
    ...(syncInterval ? [`  sync_interval: ${JSON.stringify(syncInterval)}`] : []),
    '}',
    '',
  ].join('\n');
}

const clusterConfiguration = ({ name, port, routes, monitorPort }: NatsPeer): string[] => [
  `server_name: ${JSON.stringify(name)}`,
  `http: "127.0.0.1:${monitorPort}"`,
  'cluster {',
  '  name: "lien-thong"',
  `  listen: "127.0.0.1:${port}"`,
  `  routes: ${JSON.stringify(routes.map((route) => `nats://127.0.0.1:${route}`))}`,
  '}',
];
