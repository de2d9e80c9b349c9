import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readConfig } from '../config.ts';
import { isRecent } from './version.ts';

const run = promisify(execFile);

/** The first Debian release whose nats-server is recent enough. */
const SUITE = 'trixie';
const KEYRINGS = ['gpg', 'pgp'].map((ending) => `/usr/share/keyrings/debian-archive-keyring.${ending}`);
const LIMIT_MS = 300_000;

async function apt(program: string, args: string[], cwd: string): Promise<string> {
  const { stdout } = await run(program, args, {
    cwd,
    timeout: LIMIT_MS,
    maxBuffer: 64 << 20,
    env: { ...readConfig().childEnvironment, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return stdout;
}

/** The archives this machine's own apt is set up with; security and update suites live in other archives. */
export async function aptMirrors(): Promise<string[]> {
  const targets = await apt(
    'apt-get',
    ['indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages'],
    '/',
  );
  const mirrors = targets
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([uri, release]) => (uri && release && !/[-/]/.test(release) ? [uri] : []));
  return [...new Set(mirrors)];
}

/** What `apt-cache policy` offers, e.g. 2.10.27. */
export function candidateVersion(policy: string): string | undefined {
  return /^\s*Candidate:\s*(?:\d+:)?(\d+\.\d+\.\d+)/m.exec(policy)?.[1];
}

/**
 * Unpacks the distribution's package into `dir` without installing it. apt itself fetches it, with the
 * machine's mirror, proxy and credentials, and checks the archive's signatures.
 */
export async function fetchDebianPackage(dir: string, progress: (line: string) => void): Promise<string> {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb'))
    throw new Error('this system has no apt');
  const own = candidateVersion(await apt('apt-cache', ['policy', 'nats-server'], dir));
  if (isRecent(own)) {
    progress(`fetching nats-server ${own} with apt from this system's own distribution`);
    return unpack(dir, []);
  }
  const keyring = KEYRINGS.find(existsSync);
  if (!keyring) throw new Error("Debian's archive keyring is not on this system");
  const failures: string[] = [];
  for (const mirror of await aptMirrors()) {
    try {
      return await fromMirror(mirror, keyring, dir, progress);
    } catch (error) {
      failures.push(`${mirror}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(failures.join('; ') || 'apt has no mirror set up');
}

/** A state of its own, so that the machine's package lists stay as they are and no root is needed. */
async function fromMirror(
  mirror: string,
  keyring: string,
  dir: string,
  progress: (line: string) => void,
): Promise<string> {
  const state = join(dir, 'apt');
  const sources = join(state, 'sources.list');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'archives', 'partial'), { recursive: true });
  await writeFile(join(state, 'status'), '');
  await writeFile(sources, `deb [signed-by=${keyring}] ${mirror} ${SUITE} main\n`);
  const options = {
    'Dir::State': state,
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': state,
    'Dir::Etc::sourcelist': sources,
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
  const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  progress(`reading the package list of Debian ${SUITE} (10 MB) with apt from ${mirror}`);
  await apt('apt-get', [...flags, '-qq', 'update'], dir);
  const version = candidateVersion(await apt('apt-cache', [...flags, 'policy', 'nats-server'], dir));
  if (!isRecent(version)) throw new Error(`its nats-server is ${version ?? 'missing'}`);
  progress(`fetching nats-server ${version} (5 MB) with apt from ${mirror}`);
  return unpack(dir, flags);
}

async function unpack(dir: string, flags: string[]): Promise<string> {
  await apt('apt-get', [...flags, '-qq', 'download', 'nats-server'], dir);
  const archive = (await readdir(dir)).find((name) => name.endsWith('.deb'));
  if (!archive) throw new Error('apt downloaded no package');
  await apt('dpkg-deb', ['-x', archive, 'package'], dir);
  for (const path of ['usr/sbin/nats-server', 'usr/bin/nats-server']) {
    if (existsSync(join(dir, 'package', path))) return join(dir, 'package', path);
  }
  throw new Error(`${archive} holds no nats-server`);
}
