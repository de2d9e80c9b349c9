import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

export interface TestConfig {
  /** TEST_STACK: where the servers come from. Default embedded. */
  stack: 'embedded' | 'containers' | 'external';
  /** TEST_DATABASE_URL: a superuser's URL of an existing PostgreSQL 18 (external only). */
  databaseUrl?: string;
  /** TEST_NATS_URL: an existing NATS with JetStream (external only). */
  natsUrl?: string;
  /** TEST_DATA_DIR: where embedded servers keep their data. Default: memory when 8 GiB are free, else the temporary directory. */
  dataDir: string;
}

export function readConfig(env: Record<string, string | undefined> = process.env): TestConfig {
  const stack = env.TEST_STACK || 'embedded';
  if (stack !== 'embedded' && stack !== 'containers' && stack !== 'external') {
    throw new Error(`TEST_STACK is ${stack}; it must be embedded, containers or external`);
  }
  const databaseUrl = env.TEST_DATABASE_URL || undefined;
  const natsUrl = env.TEST_NATS_URL || undefined;
  if (stack === 'external' && !(databaseUrl && natsUrl)) {
    throw new Error('TEST_STACK=external needs TEST_DATABASE_URL and TEST_NATS_URL');
  }
  return { stack, databaseUrl, natsUrl, dataDir: env.TEST_DATA_DIR || roomyMemory() || tmpdir() };
}

/** PostgreSQL's settings stay durable; in memory the flushes cost nothing. */
function roomyMemory(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize >= 8 * 2 ** 30 ? '/dev/shm' : undefined;
  } catch {
    return undefined;
  }
}
