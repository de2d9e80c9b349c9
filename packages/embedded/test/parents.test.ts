import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startStack, stopOrphans } from '../src/index.ts';
import { childrenOf, isAlive, waitForExit } from '../src/processes.ts';
import { messages, query, rows, running, temporaryDirectory, write } from './support/fixtures.ts';
import { type Parent, startParent } from './support/parent.ts';

test('a parent that is killed takes its servers along, paused ones too', async () => {
  const parent = await startParent(temporaryDirectory());
  process.kill(parent.nats, 'SIGSTOP');
  parent.process.kill('SIGKILL');
  expect(await waitForExit([parent.postgres, parent.nats], 20_000)).toBe(true);
});

/** Kills the parent and the guards that would stop its servers. */
async function killWithGuards(parent: Parent): Promise<void> {
  for (const child of childrenOf(parent.process.pid as number)) {
    if (child !== parent.postgres && child !== parent.nats) process.kill(child, 'SIGKILL');
  }
  parent.process.kill('SIGKILL');
  await parent.exited;
}

test('the next start takes over from servers that nothing has stopped', async () => {
  const dataDir = temporaryDirectory();
  const parent = await startParent(dataDir);
  await write(parent, 'kept');
  await killWithGuards(parent);
  expect([parent.postgres, parent.nats].map(isAlive)).toEqual([true, true]);
  const lines: string[] = [];
  const stack = await running({ dataDir, progress: (line) => lines.push(line) });
  expect([parent.postgres, parent.nats].map(isAlive)).toEqual([false, false]);
  expect(lines.filter((line) => line.includes('left by an earlier run'))).toHaveLength(2);
  expect(await rows(stack.databaseUrl)).toEqual(['kept']);
  expect(await messages(stack.natsUrl)).toEqual(['kept']);
});

test('orphans can be stopped without a start, and only orphans', async () => {
  const dataDir = temporaryDirectory();
  const parent = await startParent(dataDir);
  await stopOrphans(dataDir);
  expect([parent.postgres, parent.nats].map(isAlive)).toEqual([true, true]);
  await expect(startStack({ dataDir })).rejects.toThrow(`in use by process ${parent.process.pid}`);
  await killWithGuards(parent);
  await stopOrphans(dataDir);
  expect([parent.postgres, parent.nats].map(isAlive)).toEqual([false, false]);
});

test.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'a parent ended by %s takes its servers along',
  async (signal) => {
    const parent = await startParent(temporaryDirectory());
    parent.process.kill(signal);
    expect(await parent.exited).toEqual({ code: null, signal });
    expect([parent.postgres, parent.nats].map(isAlive)).toEqual([false, false]);
  },
);

test('a parent that exits without a stop takes its servers along', async () => {
  const parent = await startParent(temporaryDirectory(), { ending: 'exit' });
  expect(await parent.exited).toEqual({ code: 0, signal: null });
  expect(await waitForExit([parent.postgres, parent.nats], 20_000)).toBe(true);
});

test('a parent that stops its stack ends by itself', async () => {
  const parent = await startParent(temporaryDirectory(), { ending: 'stop' });
  expect(await parent.exited).toEqual({ code: 0, signal: null });
  expect([parent.postgres, parent.nats].map(isAlive)).toEqual([false, false]);
});

test('a stale lock is no obstacle, whether its process is dead or is somebody else by now', async () => {
  const dataDir = temporaryDirectory();
  const first = await running({ dataDir });
  await write(first, 'kept');
  const { postgres } = first;
  const lock = join(dataDir, 'postgres/data/postmaster.pid');
  const stale = readFileSync(lock, 'utf8');
  const { uid, gid } = statSync(lock);
  await first.stop();

  // The same user as the server's: a process of another user PostgreSQL itself takes for a stranger.
  const stranger = spawn('sleep', ['600'], { uid, gid, cwd: '/' });
  await once(stranger, 'spawn');
  onTestFinished(() => void stranger.kill('SIGKILL'));
  for (const pid of [postgres.pid(), stranger.pid as number]) {
    writeFileSync(lock, stale.replace(/^\d+/, String(pid)));
    const stack = await running({ dataDir });
    expect(await rows(stack.databaseUrl)).toEqual(['kept']);
    await stack.stop();
  }
  expect(isAlive(stranger.pid as number)).toBe(true);
});

test('an owner whose process id was given to another process is no owner', async () => {
  const dataDir = temporaryDirectory();
  await (await running({ dataDir })).stop();
  for (const name of ['postgres', 'nats']) {
    writeFileSync(join(dataDir, name, 'owner'), `${process.pid}\nanother time`);
  }
  const stack = await running({ dataDir });
  expect(await query(stack.databaseUrl, 'select 1')).toEqual([[1]]);
});
