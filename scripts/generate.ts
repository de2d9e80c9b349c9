/** Generates packages/contracts/src/gen from proto/, unless it is up to date. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jsonTypes } from './generate/json-types.ts';

const root = dirname(import.meta.dirname);
const out = join(root, 'packages/contracts/src/gen');

const digest = createHash('sha256');
for (const file of [
  'buf.yaml',
  'buf.gen.yaml',
  'package-lock.json',
  'scripts/generate/json-types.ts',
  ...globSync('proto/**/*.proto', { cwd: root }).sort(),
]) {
  digest.update(file).update(readFileSync(join(root, file)));
}
const inputs = digest.digest('hex');

if (read(join(out, '.inputs.sha256')) === inputs) process.exit(0);

console.log('generating packages/contracts/src/gen from proto/');
// Generated beside and renamed into place: a process that imports the contracts meanwhile finds them complete.
const aside = mkdtempSync(join(root, 'packages/contracts/.gen-'));
try {
  const made = join(aside, 'packages/contracts/src/gen');
  run('generate', '-o', aside);
  run('build', '-o', join(made, 'descriptors.binpb'));
  writeFileSync(join(made, 'json.ts'), jsonTypes(readFileSync(join(made, 'descriptors.binpb'))));
  writeFileSync(join(made, '.inputs.sha256'), inputs);
  rmSync(out, { recursive: true, force: true });
  renameSync(made, out);
} finally {
  rmSync(aside, { recursive: true, force: true });
}

function run(...args: string[]): void {
  const done = spawnSync(join(root, 'node_modules/.bin/buf'), args, { cwd: root, stdio: 'inherit' });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`buf ${args[0]} failed`);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
