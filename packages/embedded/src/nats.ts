import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { childEnvironment } from './config.ts';
import { type ManagedServer, type ServerKind, startServer } from './managed-server.ts';
import { findNatsServer } from './nats-binary/find.ts';
import { jetStreamAnswers } from './nats-ready.ts';
import { hasArgument, isAlive } from './processes.ts';

export interface NatsOptions {
  /** The server's directory: jetstream/, nats-server.conf, server.log. */
  dir: string;
  /** On 127.0.0.1; 0, the default, picks a free one. */
  port?: number;
  progress?: (line: string) => void;
  /**
   * When JetStream forces messages to disk: 'always' or a duration such as '2m' (nats-server's default).
   * The platform does not need it: PostgreSQL is the record.
   */
  syncInterval?: string;
}

export interface Nats {
  server: ManagedServer;
  natsUrl: string;
}

/** Starts nats-server with JetStream on the directory, which it creates when absent. Finds or fetches the program. */
export async function startNats(options: NatsOptions): Promise<Nats> {
  const progress = options.progress ?? (() => {});
  const binary = await findNatsServer({ progress });
  mkdirSync(dirname(options.dir), { recursive: true });
  if (!existsSync(options.dir)) mkdirSync(options.dir, { mode: 0o700 });
  const dir = realpathSync(options.dir);
  const server = await startServer(
    {
      ...natsOrphan(dir),
      dir,
      env: childEnvironment(),
      command: binary.path,
      args: () => ['-c', configFile(dir)],
      prepare: async (port) => writeFileSync(configFile(dir), configuration(dir, port, options.syncInterval)),
      ready: async (pid, port) => pidFrom(dir) === pid && (await jetStreamAnswers(port)),
      started: async () => {},
      diagnose: (log) => (log.includes('address already in use') ? 'port' : 'fatal'),
      wipe: async () => rmSync(join(dir, 'jetstream'), { recursive: true, force: true }),
    },
    options.port ?? 0,
    progress,
  );
  progress(`nats-server ${binary.version} runs on 127.0.0.1:${server.port}`);
  return { server, natsUrl: `nats://127.0.0.1:${server.port}` };
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
function configuration(dir: string, port: number, syncInterval: string | undefined): string {
  return [
    `listen: ${JSON.stringify(`127.0.0.1:${port}`)}`,
    `pid_file: ${JSON.stringify(pidFile(dir))}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(dir)}`,
    ...(syncInterval ? [`  sync_interval: ${JSON.stringify(syncInterval)}`] : []),
    '}',
    '',
  ].join('\n');
}
