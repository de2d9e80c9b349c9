import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { executable } from './cache.ts';
import { extract } from './extract.ts';

/** The version the tests run against. */
export const RELEASE_VERSION = '2.10.27';

const CONNECT_LIMIT_MS = 5_000;
const DOWNLOAD_LIMIT_MS = 600_000;

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
  freebsd: 'freebsd',
};
const PROCESSORS: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm7',
  ia32: '386',
  s390x: 's390x',
};

/** Name of the official archive for this machine. */
export function releaseArchive(version: string): string {
  const system = SYSTEMS[process.platform];
  const processor = PROCESSORS[process.arch];
  if (!system || !processor)
    throw new Error(`no official release for ${process.platform} on ${process.arch}`);
  return `nats-server-v${version}-${system}-${processor}.${process.platform === 'win32' ? 'zip' : 'tar.gz'}`;
}

/** Downloads the official release into `dir` and unpacks it only if its SHA-256 is the published one. */
export async function fetchRelease(
  baseUrl: string,
  dir: string,
  progress: (line: string) => void,
): Promise<string> {
  const archive = releaseArchive(RELEASE_VERSION);
  const folder = `${baseUrl}/v${RELEASE_VERSION}`;
  const sums = (await get(`${folder}/SHA256SUMS`)).body;
  const expected = publishedDigest((await sums()).toString('utf8'), archive);
  const { body, size } = await get(`${folder}/${archive}`);
  progress(`fetching nats-server ${RELEASE_VERSION}${size ? ` (${megabytes(size)})` : ''} from ${folder}`);
  const bytes = await body();
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== expected)
    throw new Error(`${archive} has SHA-256 ${digest}, but the published one is ${expected}`);
  const file = join(dir, archive);
  await writeFile(file, bytes);
  await extract(file, dir);
  return join(dir, basename(archive).replace(/\.(tar\.gz|zip)$/, ''), executable);
}

function publishedDigest(sums: string, archive: string): string {
  for (const line of sums.split('\n')) {
    const [digest, name] = line.trim().split(/\s+\*?/);
    if (name === archive && digest && /^[0-9a-f]{64}$/.test(digest)) return digest;
  }
  throw new Error(`SHA256SUMS does not name ${archive}`);
}

/** A closed network does not answer: the limit for a connection is short, the limit for the download is long. */
async function get(url: string): Promise<{ size: number; body: () => Promise<Buffer> }> {
  const abort = new AbortController();
  const limit = (ms: number, what: string) =>
    setTimeout(() => abort.abort(new Error(`${url}: ${what} after ${ms / 1000} s`)), ms);
  const connecting = limit(CONNECT_LIMIT_MS, 'no answer');
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return {
      size: Number(response.headers.get('content-length') ?? 0),
      async body() {
        const downloading = limit(DOWNLOAD_LIMIT_MS, 'not complete');
        return Buffer.from(await response.arrayBuffer().finally(() => clearTimeout(downloading)));
      },
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new Error(`${url}: ${error instanceof Error ? error.message : error}${cause}`, { cause: error });
  } finally {
    clearTimeout(connecting);
  }
}

const megabytes = (bytes: number) => `${Math.max(1, Math.round(bytes / 1e6))} MB`;
