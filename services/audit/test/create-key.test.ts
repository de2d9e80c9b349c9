import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readSigner } from '@lienthong/transparency-log';
import { expect, onTestFinished, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../src/commands/create-key.ts', import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [COMMAND, ...args]);

test('the command makes a key for its owner only, prints what verifies it, and never replaces it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-audit-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'log', 'signing-key');
  const { stdout } = await run('--name', 'lienthong.test/audit', '--to', file);
  const key = readFileSync(file, 'utf8');
  const { name, kind, verifierKey } = readSigner(key.trim());
  expect({ name, kind, stdout }).toEqual({
    name: 'lienthong.test/audit',
    kind: 'note',
    stdout: `${verifierKey}\n`,
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);

  expect((await run('--name', 'lienthong.test/audit', '--to', file)).stdout).toBe(stdout);
  await expect(run('--name', 'lienthong.test/other', '--to', file)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the keys of the log lienthong.test/audit'),
  });
  expect(readFileSync(file, 'utf8')).toBe(key);
  await expect(run('--to', file)).rejects.toMatchObject({ code: 2 });
});
