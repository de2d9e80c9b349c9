import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, test } from 'vitest';

// Each test asks programs that are not ours: the Go project's, Google's and Filippo Valsorda's packages, in test/go.
const source = join(import.meta.dirname, 'go');
const folder = mkdtempSync(join(tmpdir(), 'lienthong-verifier-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const verifier = buildVerifier();
/** A test that is skipped, with a word, where the programs cannot be built. */
export const foreign = test.skipIf(verifier === undefined);

/** Undefined where there is no Go, or nowhere to get its packages from. */
function buildVerifier(): string | undefined {
  if (spawnSync('go', ['version']).status !== 0) {
    console.log('skipped: no Go on this machine, so no foreign verifier');
    return undefined;
  }
  const download = spawnSync('go', ['mod', 'download'], { cwd: source, timeout: 120_000, encoding: 'utf8' });
  if (download.status !== 0) {
    console.log(`skipped: the packages of the foreign verifier cannot be downloaded: ${download.stderr}`);
    return undefined;
  }
  const program = join(folder, 'verifier');
  execFileSync('go', ['build', '-mod=readonly', '-o', program, '.'], { cwd: source });
  return program;
}

/** Verdicts on questions, in their order; '' is good. */
export async function ask(questions: readonly object[]): Promise<string[]> {
  const running = promisify(execFile)(verifier as string, { maxBuffer: 2 ** 26 });
  running.child.stdin?.end(
    JSON.stringify(questions, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value,
    ),
  );
  return JSON.parse((await running).stdout);
}
