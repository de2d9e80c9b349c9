import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Record<string, string | undefined>;

export interface EmbeddedConfig {
  /** NATS_SERVER: path of the nats-server binary to use instead of looking for one. */
  natsServer?: string;
  /** PATH, searched for nats-server and for apt's tools. */
  path: string;
  /** XDG_CACHE_HOME (default ~/.cache) + /lienthong: where fetched binaries are kept. */
  cacheDir: string;
  /** NATS_RELEASE_URL: where the official releases are; may be a province's own mirror. */
  natsReleaseUrl: string;
  /** The environment of child processes: everything except PostgreSQL's client variables. */
  childEnvironment: Environment;
}

export function readConfig(env: Environment = process.env): EmbeddedConfig {
  return {
    natsServer: env.NATS_SERVER || undefined,
    path: env.PATH ?? '',
    cacheDir: join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'lienthong'),
    natsReleaseUrl: env.NATS_RELEASE_URL || 'https://github.com/nats-io/nats-server/releases/download',
    childEnvironment: Object.fromEntries(
      Object.entries({ ...env, LC_ALL: 'C', TZ: 'UTC' }).filter(([name]) => !name.startsWith('PG')),
    ),
  };
}
