import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, stopOrphans, waitForExit } from '@lienthong/embedded';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

interface Run {
  npm: ChildProcess;
  /** The processes of the platform, PostgreSQL and NATS. */
  pids: number[];
}

/** Runs a script of package.json as a user does; resolves when its output matches. */
async function runScript(args: string[], ready: RegExp): Promise<Run> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-signals-'));
  // As root PostgreSQL runs as another user, who must be able to pass.
  chmodSync(dataDir, 0o711);
  const npm = spawn('npm', args, {
    cwd: root,
    env: {
      ...process.env,
      LIENTHONG_DATA: dataDir,
      LISTEN: '127.0.0.1:0',
      METRICS_LISTEN: '127.0.0.1:0',
      ISSUER_LISTEN: 'off',
      TRACES_LISTEN: 'off',
      REST_LISTEN: 'off',
      POSTGRES_PORT: '0',
      NATS_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pids: number[] = [];
  onTestFinished(async () => {
    npm.kill('SIGKILL');
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await stopOrphans(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });
  let output = '';
  for await (const chunk of npm.stdout) {
    output += chunk;
    if (ready.test(output)) break;
  }
  expect(output).toMatch(ready);
  // Each file begins with a process id.
  for (const file of ['postgres/owner', 'postgres/data/postmaster.pid', 'nats/nats-server.pid']) {
    pids.push(Number.parseInt(readFileSync(join(dataDir, file), 'utf8'), 10));
  }
  expect(pids.every(isAlive)).toBe(true);
  return { npm, pids };
}

test.for(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
  '%s to `npm start` ends the platform and its servers',
  async (signal) => {
    const { npm, pids } = await runScript(['start', '--', '--empty'], /Stop with Ctrl-C/);
    npm.kill(signal);
    if (npm.exitCode === null && npm.signalCode === null) await once(npm, 'exit');
    expect(await waitForExit(pids, 60_000)).toBe(true);
  },
);

test.for(['SIGTERM', 'SIGHUP'] as const)(
  '%s to `npm run demo` ends everything it started',
  async (signal) => {
    const { npm, pids } = await runScript(['run', 'demo'], /agencies loaded/);
    npm.kill(signal);
    expect(await waitForExit(pids, 60_000)).toBe(true);
  },
);

test('SIGKILL of the platform itself ends its servers', async () => {
  const { pids } = await runScript(['start', '--', '--empty'], /Stop with Ctrl-C/);
  process.kill(pids[0] as number, 'SIGKILL');
  expect(await waitForExit(pids, 60_000)).toBe(true);
}, 180_000);
