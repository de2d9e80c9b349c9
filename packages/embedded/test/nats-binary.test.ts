import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findNatsServer } from '../src/index.ts';
import { aptMirrors, candidateVersion } from '../src/nats-binary/debian.ts';
import { RELEASE_VERSION, releaseArchive } from '../src/nats-binary/release.ts';
import { compareVersions } from '../src/nats-binary/version.ts';
import { temporaryDirectory } from './support/fixtures.ts';

const NOWHERE = 'http://127.0.0.1:1';

/** A directory with a program named nats-server that says it is this version. */
function programSaying(words: string): string {
  const dir = temporaryDirectory();
  writeFileSync(join(dir, 'nats-server'), `#!/bin/sh\necho '${words}'\n`, { mode: 0o755 });
  return dir;
}

/** An environment with nothing in it: no program on PATH, no network, an empty cache. */
function bareEnvironment() {
  const cache = temporaryDirectory();
  const env = { PATH: temporaryDirectory(), XDG_CACHE_HOME: cache, NATS_RELEASE_URL: NOWHERE };
  return {
    env,
    kept: () =>
      existsSync(join(cache, 'lienthong/nats-server'))
        ? readdirSync(join(cache, 'lienthong/nats-server'))
        : [],
  };
}

test('versions compare by number', () => {
  expect(compareVersions('2.10.0', '2.9.25')).toBeGreaterThan(0);
  expect(compareVersions('2.10.0', '2.10.27')).toBeLessThan(0);
  expect(compareVersions('3.0.0', '3.0.0')).toBe(0);
  expect(candidateVersion('nats-server:\n  Installed: (none)\n  Candidate: 2.10.27-1+b2\n')).toBe('2.10.27');
  expect(candidateVersion('nats-server:\n  Installed: (none)\n  Candidate: (none)\n')).toBeUndefined();
});

test('NATS_SERVER names the program, and is an error when it is unusable', async () => {
  const { env } = bareEnvironment();
  const { path, version } = await findNatsServer();
  const set = (NATS_SERVER: string) => findNatsServer({ env: { ...env, NATS_SERVER } });
  expect(await set(path)).toEqual({ path, version, source: 'setting' });
  await expect(set('/nonexistent')).rejects.toThrow('NATS_SERVER: /nonexistent is not a nats-server');
  const old = join(programSaying('nats-server: v2.9.10'), 'nats-server');
  await expect(set(old)).rejects.toThrow('is version 2.9.10, and 2.10.0 or newer is needed');
});

test('the first recent program on PATH is used; an old one is passed over', async () => {
  const { env } = bareEnvironment();
  const { path, version } = await findNatsServer();
  const recent = temporaryDirectory();
  symlinkSync(path, join(recent, 'nats-server'));
  const old = programSaying('nats-server: v2.9.10');
  const lines: string[] = [];
  const found = await findNatsServer({
    env: { ...env, PATH: [env.PATH, old, recent].join(':') },
    progress: (line) => lines.push(line),
  });
  expect(found).toEqual({ path: join(recent, 'nats-server'), version, source: 'path' });
  expect(lines).toEqual([`skipping ${join(old, 'nats-server')}: version 2.9.10 is older than 2.10.0`]);
});

test('the newest usable program of the cache is used', async () => {
  const { env } = bareEnvironment();
  const { path, version } = await findNatsServer();
  const base = join(env.XDG_CACHE_HOME, 'lienthong', 'nats-server');
  for (const name of ['99.0.0', version, '2.9.0']) mkdirSync(join(base, name), { recursive: true });
  writeFileSync(join(base, '99.0.0', 'nats-server'), 'half a program', { mode: 0o755 });
  copyFileSync(path, join(base, version, 'nats-server'));
  copyFileSync(path, join(base, '2.9.0', 'nats-server'));
  expect(await findNatsServer({ env })).toEqual({
    path: join(base, version, 'nats-server'),
    version,
    source: 'cache',
  });
});

/** The official release as a server would offer it, holding the program this machine uses. */
async function release(): Promise<{ name: string; archive: Buffer; sums: string }> {
  const name = releaseArchive(RELEASE_VERSION);
  const dir = temporaryDirectory();
  const folder = basename(name, '.tar.gz');
  mkdirSync(join(dir, folder));
  copyFileSync((await findNatsServer()).path, join(dir, folder, 'nats-server'));
  execFileSync('tar', ['-czf', name, folder], { cwd: dir });
  const archive = readFileSync(join(dir, name));
  const digest = createHash('sha256').update(archive).digest('hex');
  return {
    name,
    archive,
    sums: `${'0'.repeat(64)}  nats-server-v${RELEASE_VERSION}-plan9.zip\n${digest}  ${name}\n`,
  };
}

async function serve(listener: RequestListener): Promise<{ url: string; requested: string[] }> {
  const requested: string[] = [];
  const server = createServer((request, response) => {
    requested.push(request.url ?? '');
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requested };
}

test('the official release is fetched once, by several at a time', async () => {
  const { env, kept } = bareEnvironment();
  const { name, archive, sums } = await release();
  const { url, requested } = await serve((request, response) => {
    response.end(request.url?.endsWith('/SHA256SUMS') ? sums : archive);
  });
  const lines: string[] = [];
  const options = { env: { ...env, NATS_RELEASE_URL: url }, progress: (line: string) => lines.push(line) };
  const found = await Promise.all([findNatsServer(options), findNatsServer(options)]);
  const version = found[0]?.version ?? '';
  const path = join(env.XDG_CACHE_HOME, 'lienthong/nats-server', version, 'nats-server');
  expect(found).toEqual([0, 1].map(() => ({ path, version, source: 'release' })));
  expect(lines[0]).toMatch(
    new RegExp(`^fetching nats-server ${RELEASE_VERSION} \\(\\d+ MB\\) from ${url}/v${RELEASE_VERSION}$`),
  );
  expect(requested).toContain(`/v${RELEASE_VERSION}/${name}`);
  expect(kept()).toEqual([version]);
  const before = requested.length;
  expect(await findNatsServer(options)).toEqual({ path, version, source: 'cache' });
  expect(requested).toHaveLength(before);
});

test.for([
  [
    'a wrong checksum',
    (sums: string) => sums.replace(/^[0-9a-f]{64}(?= {2}.*(tar\.gz|zip)$)/gm, 'f'.repeat(64)),
    /SHA-256 [0-9a-f]{64}, but the published one is f{64}/,
  ],
  ['no checksum', () => `${'0'.repeat(64)}  something-else.tar.gz\n`, /SHA256SUMS does not name/],
] as const)('a release with %s is refused and leaves nothing', async ([, falsify, reason]) => {
  const { env, kept } = bareEnvironment();
  const { archive, sums } = await release();
  const { url } = await serve((request, response) => {
    response.end(request.url?.endsWith('/SHA256SUMS') ? falsify(sums) : archive);
  });
  await expect(findNatsServer({ env: { ...env, NATS_RELEASE_URL: url } })).rejects.toThrow(reason);
  expect(kept()).toEqual([]);
});

test('a release cut short is refused and leaves nothing', async () => {
  const { env, kept } = bareEnvironment();
  const { archive, sums } = await release();
  const { url } = await serve((request, response) => {
    if (request.url?.endsWith('/SHA256SUMS')) return response.end(sums);
    response.setHeader('content-length', archive.length);
    response.write(archive.subarray(0, archive.length / 2), () => response.destroy());
  });
  await expect(findNatsServer({ env: { ...env, NATS_RELEASE_URL: url } })).rejects.toThrow('release: ');
  expect(kept()).toEqual([]);
});

test('a release that holds something else is refused', async () => {
  const { env, kept } = bareEnvironment();
  const folder = basename(releaseArchive(RELEASE_VERSION), '.tar.gz');
  const dir = temporaryDirectory();
  mkdirSync(join(dir, folder));
  copyFileSync(join(programSaying('nats-server: v2.9.10'), 'nats-server'), join(dir, folder, 'nats-server'));
  execFileSync('tar', ['-czf', 'archive', folder], { cwd: dir });
  const archive = readFileSync(join(dir, 'archive'));
  const digest = createHash('sha256').update(archive).digest('hex');
  const { url } = await serve((request, response) => {
    response.end(request.url?.endsWith('/SHA256SUMS') ? `${digest}  ${folder}.tar.gz` : archive);
  });
  await expect(findNatsServer({ env: { ...env, NATS_RELEASE_URL: url } })).rejects.toThrow(
    'nats-server 2.9.10',
  );
  expect(kept()).toEqual([]);
});

test('when nothing works the error says what was tried and how to get one', async () => {
  const { env, kept } = bareEnvironment();
  const failure = findNatsServer({ env });
  await expect(failure).rejects.toThrow(
    /Install one .* NATS_SERVER .* NATS_URL[\s\S]*release: http:\/\/127\.0\.0\.1:1\/.*: fetch failed[\s\S]*debian: this system has no apt/,
  );
  expect(kept()).toEqual([]);
});

test("the distribution's package is unpacked into the cache without being installed", async (context) => {
  const { env, kept } = bareEnvironment();
  const withApt = { ...process.env, ...env, PATH: '/usr/bin:/bin' };
  const mirrors = await aptMirrors(withApt).catch(() => []);
  if (mirrors.length === 0) return context.skip('apt is not here or has no mirror');
  const lines: string[] = [];
  const found = await findNatsServer({ env: withApt, progress: (line) => lines.push(line) });
  expect(found).toMatchObject({
    source: 'debian',
    path: join(env.XDG_CACHE_HOME, 'lienthong/nats-server', found.version, 'nats-server'),
  });
  expect(kept()).toEqual([found.version]);
  expect(lines.some((line) => line.startsWith(`fetching nats-server ${found.version}`))).toBe(true);
  expect(await findNatsServer({ env })).toEqual({ ...found, source: 'cache' });
});
