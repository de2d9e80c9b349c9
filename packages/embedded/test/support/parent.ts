import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { stopOrphans } from '../../src/index.ts';

export interface Parent {
  process: ChildProcess;
  databaseUrl: string;
  natsUrl: string;
  postgres: number;
  nats: number;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a stack from another process; resolves when that stack runs. Nothing of it outlives the test. */
export async function startParent(
  dataDir: string,
  options: { ending?: 'exit' | 'stop'; uid?: number; gid?: number; env?: Record<string, string> } = {},
): Promise<Parent> {
  const { ending, uid, gid, env } = options;
  const script = new URL('./run-stack.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, dataDir, ...(ending ? [ending] : [])], {
    uid,
    gid,
    cwd: '/',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    await stopOrphans(dataDir);
  });
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]) => String(text)),
    exited.then(({ code }) => Promise.reject(new Error(`exit ${code}: ${complaints}`))),
  ]);
  return { process: child, exited, ...JSON.parse(line) };
}
