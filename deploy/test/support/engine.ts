import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { root } from './compose-file.ts';

const run = promisify(execFile);

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
  (await run('docker', args, { maxBuffer: 2 ** 26 })).stdout.trim();

/** Builds the image of this checkout. NODE_IMAGE names another base, such as one that trusts a proxy's authority. */
export async function buildImage(tag: string): Promise<void> {
  const { NODE_IMAGE } = env;
  const base = NODE_IMAGE === undefined ? [] : ['--build-arg', `NODE_IMAGE=${NODE_IMAGE}`];
  await docker('build', '--tag', tag, ...base, root);
}

export interface Project {
  /** Its copy of deploy/compose, with its own keys and config. */
  folder: string;
  compose(...args: string[]): Promise<string>;
  /** Stops and forgets everything. */
  remove(): Promise<void>;
}

/** The compose files on a copy of the folder, under a name and addresses of their own. */
export function project(image: string, port: number, settings: Record<string, string> = {}): Project {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-compose-'));
  for (const part of ['compose', 'gateway', 'telemetry'])
    cpSync(join(root, 'deploy', part), join(folder, part), {
      recursive: true,
      filter: (source) => !/\/compose\/(keys|config|\.env)$/.test(source),
    });
  const home = join(folder, 'compose');
  const [command = '', ...first] = composeCommand() ?? [];
  const name = `lienthong-test-${process.pid}`;
  const compose = async (...args: string[]) => {
    const { stdout } = await run(command, [...first, '--project-name', name, ...args], {
      cwd: home,
      env: { ...env, LIENTHONG_IMAGE: image, LIENTHONG_PORT: String(port), ...settings },
      maxBuffer: 2 ** 26,
    });
    return stdout.trim();
  };
  return {
    folder: home,
    compose,
    async remove() {
      await compose('down', '--volumes', '--timeout', '5');
      rmSync(folder, { recursive: true });
    },
  };
}
