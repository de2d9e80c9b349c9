import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { composeFile, root } from './compose-file.ts';

const run = promisify(execFile);
const MUCH = { maxBuffer: 2 ** 26 };
/** The image of this checkout. */
export const IMAGE = 'lien-thong:test';

/** Undefined: there is an engine, and the caller wants it used. */
export function whyNoEngine(): string | undefined {
  if (env.TEST_STACK !== 'containers') return 'TEST_STACK is not "containers"';
  if (spawnSync('docker', ['info']).status !== 0) return 'there is no running Docker engine';
  return composeCommand() === undefined ? 'there is no docker compose' : undefined;
}

function composeCommand(): string[] | undefined {
  return [['docker', 'compose'], ['docker-compose']].find(
    ([command = '', ...args]) => spawnSync(command, [...args, 'version']).status === 0,
  );
}

export const docker = async (...args: string[]): Promise<string> =>
  (await run('docker', args, MUCH)).stdout.trim();

/** Builds the image of this checkout. NODE_IMAGE names another base, such as one that trusts a proxy's authority. */
export async function buildImage(tag: string, ...options: string[]): Promise<void> {
  const { NODE_IMAGE } = env;
  const base = NODE_IMAGE === undefined ? [] : ['--build-arg', `NODE_IMAGE=${NODE_IMAGE}`];
  await docker('build', '--tag', tag, ...base, ...options, root);
}

/** Whether the engine has the image of a container of compose.yaml, or gets it from its registry. */
export function hasImage(container: string): boolean {
  const image = composeFile('deploy/compose/compose.yaml', env).services[container]?.image ?? '';
  return [['image', 'inspect'], ['pull']].some((args) => spawnSync('docker', [...args, image]).status === 0);
}

export interface ProjectOptions {
  port: number;
  /** Of deploy/compose; default compose.yaml. */
  files?: readonly string[];
  /** Its own block of addresses is 172.31.<block>.0/24. */
  block: number;
}

export interface Project {
  /** Its copy of deploy/compose, with its own keys and config. */
  folder: string;
  compose(...args: string[]): Promise<string>;
  /** Runs a program of the copy of deploy with the same settings. */
  run(program: string, ...args: string[]): Promise<string>;
  /** The ids of a service's containers that exist. */
  containers(service: string): Promise<string[]>;
  /** Stops and forgets everything. */
  remove(): Promise<void>;
}

/** Compose files on a copy of the folder, under a name and addresses of their own. */
export function project({ port, files = ['compose.yaml'], block }: ProjectOptions): Project {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-compose-'));
  for (const part of ['compose', 'gateway', 'telemetry', 'backup'])
    cpSync(join(root, 'deploy', part), join(folder, part), {
      recursive: true,
      filter: (source) => !/\/compose\/(keys|config|metrics|\.env)$/.test(source),
    });
  const home = join(folder, 'compose');
  const [command = '', ...first] = composeCommand() ?? [];
  const options = {
    ...MUCH,
    cwd: home,
    env: {
      ...env,
      COMPOSE_PROJECT_NAME: `lienthong-test-${randomUUID().slice(0, 8)}`,
      COMPOSE_FILE: files.join(':'),
      LIENTHONG_IMAGE: IMAGE,
      LIENTHONG_PORT: String(port),
      // Free ones: `docker compose port` has them.
      LIENTHONG_REST_PORT: '0',
      LIENTHONG_CONSOLE_PORT: '0',
      LIENTHONG_NETWORK: `172.31.${block}`,
    },
  };
  const compose = async (...args: string[]) => {
    const { stdout } = await run(command, [...first, ...args], options);
    return stdout.trim();
  };
  return {
    folder: home,
    compose,
    async run(program, ...args) {
      const { stdout } = await run(join(folder, program), args, options);
      return stdout.trim();
    },
    containers: async (service) => (await compose('ps', '-q', service)).split('\n').filter((id) => id !== ''),
    async remove() {
      await compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
      rmSync(folder, { recursive: true });
    },
  };
}
