import { delimiter, join } from 'node:path';
import { readConfig } from '../config.ts';
import { addToCache, cached, executable } from './cache.ts';
import { fetchDebianPackage } from './debian.ts';
import { fetchRelease } from './release.ts';
import { isRecent, OLDEST_VERSION, versionOf } from './version.ts';

export interface NatsBinary {
  path: string;
  version: string;
  source: 'setting' | 'path' | 'cache' | 'release' | 'debian';
}

export interface FindOptions {
  /** Default: this process's environment. Read: NATS_SERVER, PATH, XDG_CACHE_HOME, NATS_RELEASE_URL. */
  env?: Record<string, string | undefined>;
  /** Default: lienthong in the user's cache directory. */
  cacheDir?: string;
  progress?: (line: string) => void;
}

/**
 * Finds a nats-server of version 2.10 or newer: set by NATS_SERVER, else on PATH, else in the cache, else the official
 * release, else the Debian package. Throws an error that lists the attempts and how to get one.
 */
export async function findNatsServer(options: FindOptions = {}): Promise<NatsBinary> {
  const config = readConfig(options.env);
  const cacheDir = options.cacheDir ?? config.cacheDir;
  const progress = options.progress ?? (() => {});

  if (config.natsServer) return fromSetting(config.natsServer);
  const onPath = await fromPath(config.path, progress);
  if (onPath) return onPath;
  const kept = await cached(cacheDir);
  if (kept) return { ...kept, source: 'cache' };

  const failures: string[] = [];
  for (const [source, fetch] of [
    ['release', (dir: string) => fetchRelease(config.natsReleaseUrl, dir, progress)],
    ['debian', (dir: string) => fetchDebianPackage(dir, config.aptEnvironment, progress)],
  ] as const) {
    try {
      return { ...(await addToCache(cacheDir, fetch)), source };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      progress(`no nats-server from ${source}: ${reason}`);
      failures.push(`${source}: ${reason}`);
    }
  }
  throw new Error(
    `no nats-server ${OLDEST_VERSION} or newer found. Install one (https://nats.io/download), put it on PATH ` +
      `or set NATS_SERVER to its path, or set NATS_URL to a running server.\nTried:\n${failures.join('\n')}`,
  );
}

async function fromSetting(path: string): Promise<NatsBinary> {
  const version = await versionOf(path);
  if (isRecent(version)) return { path, version, source: 'setting' };
  throw new Error(
    version
      ? `NATS_SERVER: ${path} is version ${version}, and ${OLDEST_VERSION} or newer is needed`
      : `NATS_SERVER: ${path} is not a nats-server that runs on this machine`,
  );
}

async function fromPath(path: string, progress: (line: string) => void): Promise<NatsBinary | undefined> {
  for (const dir of path.split(delimiter).filter(Boolean)) {
    const candidate = join(dir, executable);
    const version = await versionOf(candidate);
    if (isRecent(version)) return { path: candidate, version, source: 'path' };
    if (version) progress(`skipping ${candidate}: version ${version} is older than ${OLDEST_VERSION}`);
  }
  return undefined;
}
