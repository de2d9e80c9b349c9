import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './pack/workspace.ts';
import { type SmallPlatform, smallPlatform } from './support/platform.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'lienthong-examples-'));
let platform: SmallPlatform;
beforeAll(async () => {
  platform = await smallPlatform();
});
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the examples are told of the platform. */
async function settings(language: string): Promise<Record<string, string>> {
  const { running, province, commune, procedureCode, tokenOf } = platform;
  return {
    LIENTHONG: running.address,
    TOKEN_SENDER: await tokenOf(province, 'clerk'),
    TOKEN_RECIPIENT: await tokenOf(commune, 'clerk', 'officer'),
    RECIPIENT: 'H61.1',
    PROCEDURE: procedureCode,
    CURSOR_FILE: join(folder, `${language}.cursor`),
  };
}

/** Python with the packages of the example; undefined, with a word, where they are not to be had. */
async function preparePython(example: string): Promise<string | undefined> {
  const python = join(folder, 'venv/bin/python');
  try {
    await run('python3', ['-m', 'venv', join(folder, 'venv')], { timeout: 60_000 });
    const install = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      'requirements.txt',
    ];
    await run(python, install, { cwd: example, timeout: 120_000 });
    return python;
  } catch (error) {
    console.log(`skipped: no Python with the packages of the example: ${(error as Error).message}`);
    return undefined;
  }
}

test('the example in Python issues, follows, reports, lodges and completes', {
  timeout: 300_000,
}, async () => {
  const example = join(ROOT, 'examples/python');
  const python = await preparePython(example);
  if (python === undefined) return;
  const gen = join(folder, 'gen');
  await run(join(example, 'generate.sh'), [gen], { env: { ...process.env, PYTHON: python } });
  cpSync(join(example, 'lien_thong.py'), join(folder, 'lien_thong.py'));
  const env = { ...(await settings('python')), PYTHONPATH: gen, PYTHONIOENCODING: 'utf-8' };
  const lines = async () => {
    const { stdout } = await run(python, ['lien_thong.py'], { cwd: folder, env });
    return stdout.trim().split('\n');
  };
  const rest = [
    'reported 01',
    expect.stringMatching(/^lodged H61\.1-\d{6}-\d{4}$/),
    'completed, status 9',
    expect.stringMatching(/^refused .*\bsubject\b/),
  ];
  expect(await lines()).toEqual(['issued 01/UBND-VP', 'came V/v kết nối bằng Python', ...rest]);
  // From the stored cursor on: the first document does not come again.
  expect(await lines()).toEqual(['issued 02/UBND-VP', 'came V/v kết nối bằng Python', ...rest]);
});
