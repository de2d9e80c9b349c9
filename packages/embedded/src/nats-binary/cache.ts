import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { compareVersions, isRecent, versionOf } from './version.ts';

export const executable = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';

export interface CachedBinary {
  path: string;
  version: string;
}

/** <cacheDir>/nats-server/<version>/nats-server; the newest that runs and is recent enough. */
export async function cached(cacheDir: string): Promise<CachedBinary | undefined> {
  const base = join(cacheDir, 'nats-server');
  const names = existsSync(base) ? await readdir(base) : [];
  for (const name of names.filter((entry) => /^\d/.test(entry)).sort((a, b) => compareVersions(b, a))) {
    const path = join(base, name, executable);
    const version = await versionOf(path);
    if (isRecent(version)) return { path, version };
  }
  return undefined;
}

/**
 * Fetches a binary into a temporary directory beside the cache, checks that it runs, and renames it into the cache.
 * So nobody sees half a binary, and two processes at once both end with a complete one.
 */
export async function addToCache(
  cacheDir: string,
  fetch: (temporaryDir: string) => Promise<string>,
): Promise<CachedBinary> {
  const base = join(cacheDir, 'nats-server');
  await mkdir(base, { recursive: true });
  const temporary = await mkdtemp(join(base, '.incoming-'));
  try {
    const fetched = await fetch(temporary);
    await chmod(fetched, 0o755);
    const version = await versionOf(fetched);
    if (!isRecent(version))
      throw new Error(`the fetched program is nats-server ${version ?? 'of an unknown version'}`);
    const ready = join(temporary, 'ready');
    await mkdir(ready);
    await rename(fetched, join(ready, executable));
    const home = join(base, version);
    const path = join(home, executable);
    if ((await versionOf(path)) !== version) {
      await rename(ready, home).catch(async (error: unknown) => {
        if ((await versionOf(path)) === version) return;
        throw error;
      });
    }
    return { path, version };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
