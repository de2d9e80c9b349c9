import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { childEnvironment, freePort } from '@lienthong/testkit';
import { vi } from 'vitest';

const NAME = 'versitygw';
const BUCKET = 'files';

/** An S3 server with an empty bucket. */
export interface S3Server {
  /** The settings of a store that uses it. */
  env: Record<string, string>;
  /** The objects of the bucket. */
  objects(): Promise<string[]>;
  stop(): Promise<void>;
}

/** The path of a real S3 server: of S3_TEST_SERVER, of the PATH, or where Go installs; undefined without one. */
export function findS3Server(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), join(homedir(), 'go', 'bin')];
  const candidates = [process.env.S3_TEST_SERVER, ...folders.map((folder) => join(folder, NAME))];
  return candidates.find((path) => path !== undefined && isExecutable(path));
}

/** Why tests with an S3 server are skipped. */
export const NO_S3_SERVER = `skipped: there is no ${NAME} on this machine (go install github.com/versity/versitygw/cmd/versitygw@latest)`;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export async function startS3Server(program: string, port?: number): Promise<S3Server> {
  const at = port ?? (await freePort());
  const root = mkdtempSync(join(tmpdir(), 'lienthong-s3-'));
  const [data, meta] = [join(root, 'data'), join(root, 'meta')];
  for (const folder of [join(data, BUCKET), meta]) await mkdir(folder, { recursive: true });
  const [access, secret] = [randomBytes(8).toString('hex'), randomBytes(16).toString('hex')];
  const child = spawn(program, ['--quiet', '--port', `127.0.0.1:${at}`, 'posix', '--sidecar', meta, data], {
    stdio: 'ignore',
    env: { ...childEnvironment(), ROOT_ACCESS_KEY_ID: access, ROOT_SECRET_ACCESS_KEY: secret },
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const endpoint = `http://127.0.0.1:${at}`;
  await vi.waitFor(() => fetch(endpoint), 20_000);
  const { S3Client, ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: access, secretAccessKey: secret },
  });
  return {
    env: {
      FILES_S3_ENDPOINT: endpoint,
      FILES_S3_BUCKET: BUCKET,
      FILES_S3_ACCESS_KEY: access,
      FILES_S3_SECRET_KEY: secret,
    },
    async objects() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      return Contents.map(({ Key = '' }) => Key);
    },
    async stop() {
      client.destroy();
      child.kill();
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}
