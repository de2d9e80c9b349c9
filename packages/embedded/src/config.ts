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
  /** The environment of apt: that of other child processes, and the settings by which apt reaches its mirror. */
  aptEnvironment: Environment;
}

/**
 * What a child process gets to know. A child's environment can be read by who can read the child's /proc, such as a
 * superuser of PostgreSQL, and this process' environment may hold keys and tokens: nothing is passed on that is not
 * listed here.
 */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];
const PROXIES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'];
const FOR_APT = [...PROXIES, ...PROXIES.map((name) => name.toUpperCase()), 'APT_CONFIG'];

/** The environment of a child process: of `env` only what is listed above, and a locale and time zone. */
export const childEnvironment = (
  env: Environment = process.env,
  names: readonly string[] = PASSED_ON,
): Environment => ({ ...only(env, names), LC_ALL: 'C', TZ: 'UTC' });

const only = (env: Environment, names: readonly string[]): Environment =>
  Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

export function readConfig(env: Environment = process.env): EmbeddedConfig {
  return {
    natsServer: env.NATS_SERVER || undefined,
    path: env.PATH ?? '',
    cacheDir: join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'lienthong'),
    natsReleaseUrl: env.NATS_RELEASE_URL || 'https://github.com/nats-io/nats-server/releases/download',
    aptEnvironment: childEnvironment(env, [...PASSED_ON, ...FOR_APT]),
  };
}
