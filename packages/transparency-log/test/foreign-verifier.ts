import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, test } from 'vitest';
import { buildGo } from './go.ts';

// Each test asks programs that are not ours: the Go project's, Google's and Filippo Valsorda's packages, in test/go.
const folder = mkdtempSync(join(tmpdir(), 'lienthong-verifier-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const verifier = await buildGo(join(import.meta.dirname, 'go'), '.', join(folder, 'verifier'));
/** A test that is skipped, with a word, where the programs cannot be built. */
export const foreign = test.skipIf(verifier === undefined);

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
