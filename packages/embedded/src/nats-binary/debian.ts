import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRecent } from './version.ts';

const run = promisify(execFile);

/** The first Debian release whose nats-server is recent enough. */
const SUITE = 'trixie';
const KEYRINGS = ['gpg', 'pgp'].map((ending) => `/usr/share/keyrings/debian-archive-keyring.${ending}`);
const LIMIT_MS = 300_000;

type Environment = Record<string, string | undefined>;
type Apt = (program: 'apt-get' | 'apt-cache' | 'dpkg-deb', ...args: string[]) => Promise<string>;

function aptIn(dir: string, env: Environment): Apt {
  return async (program, ...args) => {
    const options = {
      cwd: dir,
      timeout: LIMIT_MS,
      maxBuffer: 64 << 20,
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    const { stdout } = await run(program, args, options);
    return stdout;
  };
}

/** Returns the archives in this machine's apt configuration, without those of security and update suites. */
export async function aptMirrors(env: Environment): Promise<string[]> {
  const apt = aptIn('/', env);
  const targets = await apt(
    'apt-get',
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE)',
    'Created-By: Packages',
  );
  const mirrors = targets
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([uri, release]) => (uri && release && !/[-/]/.test(release) ? [uri] : []));
  return [...new Set(mirrors)];
}

/** The version that `apt-cache policy` offers, e.g. 2.10.27. */
export function candidateVersion(policy: string): string | undefined {
  return /^\s*Candidate:\s*(?:\d+:)?(\d+\.\d+\.\d+)/m.exec(policy)?.[1];
}

/**
 * Unpacks the distribution's package into `dir` without installing it. apt itself fetches it, with the
 * machine's mirror, proxy and credentials, and checks the archive's signatures.
 */
export async function fetchDebianPackage(
  dir: string,
  env: Environment,
  progress: (line: string) => void,
): Promise<string> {
  const apt = aptIn(dir, env);
  const own = candidateVersion(await policy(apt, []));
  if (isRecent(own)) {
    progress(`fetching nats-server ${own} with apt from this system's own distribution`);
    return unpack(apt, dir, []);
  }
  const keyring = KEYRINGS.find(existsSync);
  if (!keyring) throw new Error("Debian's archive keyring is not on this system");
  const failures: string[] = [];
  for (const mirror of await aptMirrors(env)) {
    try {
      progress(`reading the package list of Debian ${SUITE} (10 MB) with apt from ${mirror}`);
      const flags = await privateState(dir, `deb [signed-by=${keyring}] ${mirror} ${SUITE} main\n`);
      await apt('apt-get', ...flags, '-qq', 'update');
      const version = candidateVersion(await policy(apt, flags));
      if (!isRecent(version)) throw new Error(`its nats-server is ${version ?? 'missing'}`);
      progress(`fetching nats-server ${version} (5 MB) with apt from ${mirror}`);
      return await unpack(apt, dir, flags);
    } catch (error) {
      failures.push(`${mirror}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(failures.join('; ') || 'apt has no mirror set up');
}

async function policy(apt: Apt, flags: string[]): Promise<string> {
  return apt('apt-cache', ...flags, 'policy', 'nats-server').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error('this system has no apt') : error;
  });
}

/** Options with which apt does not change the machine's package lists and needs no root. */
async function privateState(dir: string, sources: string): Promise<string[]> {
  const state = join(dir, 'apt');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'archives', 'partial'), { recursive: true });
  await writeFile(join(state, 'status'), '');
  await writeFile(join(state, 'sources.list'), sources);
  const options = {
    'Dir::State': state,
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': state,
    'Dir::Etc::sourcelist': join(state, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferencesparts': '-',
    'APT::Sandbox::User': '',
    'APT::Update::Error-Mode': 'any',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

async function unpack(apt: Apt, dir: string, flags: string[]): Promise<string> {
  await apt('apt-get', ...flags, '-qq', 'download', 'nats-server');
  const archive = (await readdir(dir)).find((name) => name.endsWith('.deb'));
  if (!archive) throw new Error('apt downloaded no package');
  await apt('dpkg-deb', '-x', archive, 'package');
  for (const folder of ['usr/sbin', 'usr/bin']) {
    const path = join(dir, 'package', folder, 'nats-server');
    if (existsSync(path)) return path;
  }
  throw new Error(`${archive} holds no nats-server`);
}
