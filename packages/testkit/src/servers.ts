import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, startStack, stopOrphans } from '@lienthong/embedded';
import { dropDatabases } from './admin.ts';
import type { TestConfig } from './config.ts';
import { startContainers } from './containers.ts';

/** Servers a whole test run shares. */
export interface SharedServers {
  /** A superuser's URL; tests create their own databases on the server. */
  databaseUrl: string;
  natsUrl: string;
  /** Unique per run. Database names begin with it, so that runs on one server do not collide. */
  run: string;
  /** Deleted at the end of the run; private stacks live in it. */
  dir: string;
}

type Servers = Pick<SharedServers, 'databaseUrl' | 'natsUrl'> & { stop(): Promise<void> };

const RUN_DIR = /^lienthong-test-(\d+)-/;

/** Starts or finds the configured servers. `stop` removes all their data. */
export async function startServers(config: TestConfig): Promise<SharedServers & { stop(): Promise<void> }> {
  await sweep(config.dataDir);
  const dir = openDirectory(config.dataDir, `lienthong-test-${process.pid}-`);
  const run = `t${Date.now().toString(36)}${process.pid.toString(36)}`;
  const servers = await start(config, dir, run).catch((error: unknown) => {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  });
  return {
    databaseUrl: servers.databaseUrl,
    natsUrl: servers.natsUrl,
    run,
    dir,
    async stop() {
      await servers.stop();
      await discard(dir);
    },
  };
}

async function start(config: TestConfig, dir: string, run: string): Promise<Servers> {
  switch (config.stack) {
    case 'embedded':
      return startStack({ dataDir: join(dir, 'shared'), progress: (line) => console.log(line) });
    case 'containers':
      return startContainers();
    case 'external': {
      const { databaseUrl, natsUrl } = config as Required<TestConfig>;
      return { databaseUrl, natsUrl, stop: () => dropDatabases(databaseUrl, run) };
    }
  }
}

/** PostgreSQL may run as another user, which must be able to enter the directory. */
export function openDirectory(parent: string, prefix: string): string {
  const dir = mkdtempSync(join(parent, prefix));
  chmodSync(dir, 0o711);
  return dir;
}

/** Removes directories and servers that killed runs left. */
async function sweep(parent: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    const pid = Number(RUN_DIR.exec(name)?.[1]);
    const dir = join(parent, name);
    if (pid > 0 && !isAlive(pid) && statSync(dir, { throwIfNoEntry: false })?.uid === process.getuid?.()) {
      await discard(dir);
    }
  }
}

async function discard(dir: string): Promise<void> {
  for (const name of readdirSync(dir)) await stopOrphans(join(dir, name));
  rmSync(dir, { recursive: true, force: true });
}
