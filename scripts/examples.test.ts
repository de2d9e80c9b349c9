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

/** The program in Go; undefined, with a word, where there is no Go or nowhere to get its packages from. */
async function buildGo(example: string): Promise<string | undefined> {
  const module = join(folder, 'go');
  cpSync(example, module, { recursive: true });
  try {
    await run('go', ['mod', 'download'], { cwd: module, timeout: 120_000 });
  } catch (error) {
    console.log(`skipped: no Go with the packages of the example: ${(error as Error).message}`);
    return undefined;
  }
  const buf = join(ROOT, 'node_modules/.bin/buf');
  await run(buf, ['generate', join(ROOT, 'proto')], { cwd: module, timeout: 120_000 });
  await run('go', ['build', '-mod=readonly', '-o', 'example', '.'], { cwd: module });
  return join(module, 'example');
}

/** The class path of the program in Java; undefined, with a word, where there is no Maven or nowhere to get packages from. */
async function buildJava(example: string): Promise<string | undefined> {
  const project = join(folder, 'java');
  cpSync(example, project, { recursive: true, filter: (path) => !path.endsWith('/target') });
  try {
    await run('mvn', ['-q', '-B', `-Dcontracts=${join(ROOT, 'proto')}`, 'process-classes'], {
      cwd: project,
      timeout: 500_000,
    });
  } catch (error) {
    const { code, stdout = '' } = error as { code?: string; stdout?: string };
    if (code !== 'ENOENT' && !/could not (resolve|transfer|find artifact)|failed to resolve/i.test(stdout))
      throw error;
    console.log(`skipped: no Java with the packages of the example: ${(error as Error).message}`);
    return undefined;
  }
  return `${join(project, 'target/classes')}:${join(project, 'target/lib/*')}`;
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

/** What a run of an example prints, however often it has run before. */
const printed = (number: string, language: string) => [
  `issued ${number}/UBND-VP`,
  `came V/v kết nối bằng ${language}`,
  'reported 01',
  expect.stringMatching(/^lodged H61\.1-\d{6}-\d{4}$/),
  'completed, status 9',
  expect.stringMatching(/^refused .*\bsubject\b/),
];

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
  expect(await lines()).toEqual(printed('01', 'Python'));
  // From the stored cursor on: the first document does not come again.
  expect(await lines()).toEqual(printed('02', 'Python'));
});

/** Runs an example twice: the second time from the stored cursor on. The documents of the other examples come too. */
async function runTwice(language: string, program: readonly [string, ...string[]]): Promise<void> {
  const env = { ...process.env, ...(await settings(language)) };
  const [file, ...args] = program;
  const lines = async () => {
    const { stdout } = await run(file, args, { cwd: folder, env });
    return stdout
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('came ') || line.endsWith(`bằng ${language}`));
  };
  const number = (text: string | undefined) => /^issued (\d+)/.exec(text ?? '')?.[1] ?? '';
  const first = await lines();
  expect(first).toEqual(printed(number(first[0]), language));
  const second = await lines();
  expect(second).toEqual(printed(number(second[0]), language));
  expect(Number(number(second[0]))).toBe(Number(number(first[0])) + 1);
}

test('the example in Go does the same', { timeout: 300_000 }, async () => {
  const program = await buildGo(join(ROOT, 'examples/go'));
  if (program !== undefined) await runTwice('Go', [program]);
});

// Its build takes a minute of a processor.
const { EXAMPLE_JAVA } = process.env;
const withJava = EXAMPLE_JAVA === 'true';
if (!withJava) console.log('skipped: the example in Java; EXAMPLE_JAVA=true builds and runs it');

test.skipIf(!withJava)('the example in Java does the same', { timeout: 600_000 }, async () => {
  const classPath = await buildJava(join(ROOT, 'examples/java'));
  if (classPath === undefined) return;
  await runTwice('Java', ['java', '-cp', classPath, 'org.example.lienthong.Example']);
});
