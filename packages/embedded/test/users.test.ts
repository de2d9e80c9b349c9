import {
  chownSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findNatsServer } from '../src/index.ts';
import { closedDirectory, rows, running, temporaryDirectory, write } from './support/fixtures.ts';
import { startParent } from './support/parent.ts';

const root = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534 };

test('an ordinary user starts, stops and starts again', async () => {
  const base = temporaryDirectory();
  const user = root ? nobody : {};
  const dataDir = join(base, 'stack');
  mkdirSync(dataDir);
  const program = join(base, 'nats-server');
  copyFileSync((await findNatsServer()).path, program);
  if (root) chownSync(dataDir, nobody.uid, nobody.gid);
  const options = { ...user, env: { HOME: base, NATS_SERVER: program } };
  const first = await startParent(dataDir, options);
  await write(first, 'kept');
  if (root && process.platform === 'linux') {
    expect([first.postgres, first.nats].map((pid) => statSync(`/proc/${pid}`).uid)).toEqual([
      nobody.uid,
      nobody.uid,
    ]);
  }
  first.process.kill('SIGTERM');
  await first.exited;
  const second = await startParent(dataDir, options);
  expect(await rows(second.databaseUrl)).toEqual(['kept']);
  second.process.kill('SIGTERM');
  await second.exited;

  // What an ordinary user made, root runs as that user and so leaves it to him.
  const third = await running({ dataDir });
  expect(await rows(third.databaseUrl)).toEqual(['kept']);
  expect(statSync(join(dataDir, 'postgres/data/postmaster.pid')).uid).toBe(
    root ? nobody.uid : process.getuid?.(),
  );
});

test('as root, data where the server may not go lies elsewhere, behind a link', async (context) => {
  if (!root) return context.skip('needs root: an ordinary user runs PostgreSQL as itself, in any directory');
  const dataDir = join(closedDirectory(temporaryDirectory()), 'stack');
  const lines: string[] = [];
  const first = await running({ dataDir, progress: (line) => lines.push(line) });
  const link = join(dataDir, 'postgres');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  const elsewhere = readlinkSync(link);
  onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
  expect(lines.some((line) => line.includes(link) && line.includes(elsewhere))).toBe(true);
  await write(first, 'kept');
  await first.stop();
  const second = await running({ dataDir });
  expect(realpathSync(link)).toBe(elsewhere);
  expect(await rows(second.databaseUrl)).toEqual(['kept']);
  await second.stop();

  rmSync(elsewhere, { recursive: true });
  const third = await running({ dataDir });
  onTestFinished(() => rmSync(readlinkSync(link), { recursive: true, force: true }));
  await write(third, 'new');
  expect(await rows(third.databaseUrl)).toEqual(['new']);
});
