import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from './bound.ts';

export interface Started {
  /** The first group of the pattern, once the process has printed it. */
  line: string;
  pid: number;
  /** Resolves when it has ended, by itself or by a signal. Rejects when it still runs after two minutes. */
  ended(): Promise<void>;
  /** Ends it, also while it is paused. Rejects when it had to be killed, two minutes after SIGTERM. */
  stop(): Promise<void>;
}

const READY_MS = 180_000;
const END_MS = 120_000;

/** Often enough for parts that cost a hundredth; an hour of work makes some hundred megabytes. */
export const SAMPLE_US = 1_000;

let profiles: string | undefined;
let profiled = 0;

/** Processes that are started from now on write a CPU profile into this folder when they end. */
export function profileInto(folder: string): void {
  profiles = folder;
}

function profileOptions(file: string): string[] {
  if (profiles === undefined) return [];
  profiled += 1;
  const name = file.endsWith('main.ts') ? basename(dirname(dirname(file))) : basename(file, '.ts');
  return [
    '--cpu-prof',
    `--cpu-prof-interval=${SAMPLE_US}`,
    `--cpu-prof-dir=${profiles}`,
    `--cpu-prof-name=${profiled}-${name}.cpuprofile`,
  ];
}

/**
 * Runs a TypeScript file as a process of its own and waits until its output matches.
 * @param more the options of Node.js, and the longest time until it is ready, by default three minutes
 * @throws when it ends before it is ready, or is not ready in time
 */
export async function startProcess(
  file: URL,
  ready: RegExp,
  env: Record<string, string>,
  args: string[] = [],
  more: { options?: readonly string[]; readyMs?: number } = {},
): Promise<Started> {
  const { options = [], readyMs = READY_MS } = more;
  const path = fileURLToPath(file);
  const child = spawn(process.execPath, [...profileOptions(path), ...options, path, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const matched = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = ready.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) =>
      reject(new Error(`${file.pathname} ended with ${code} before it was ready`)),
    );
  });
  const ended = async () => {
    if (child.exitCode === null && child.signalCode === null)
      await within(END_MS, `the end of process ${child.pid}`, once(child, 'exit'));
  };
  const kill = () => void child.kill('SIGKILL');
  const line = await within(readyMs, `the start of ${path}`, matched).catch((error) => {
    kill();
    throw error;
  });
  return {
    line,
    pid: child.pid as number,
    ended,
    async stop() {
      child.kill('SIGTERM');
      // A paused process does not receive the signal.
      child.kill('SIGCONT');
      await ended().catch((error) => {
        kill();
        throw error;
      });
    },
  };
}
