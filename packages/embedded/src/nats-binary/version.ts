import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from '../config.ts';

const run = promisify(execFile);

/** The first version with the features that the event log needs. */
export const OLDEST_VERSION = '2.10.0';

/** The version that `<path> --version` prints, e.g. 2.10.27; undefined when the program does not run or is another one. */
export async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], {
      env: childEnvironment(),
      timeout: 10_000,
    });
    return /^nats-server: v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map((part) => Number.parseInt(part, 10)));
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export const isRecent = (version: string | undefined): version is string =>
  version !== undefined && compareVersions(version, OLDEST_VERSION) >= 0;
