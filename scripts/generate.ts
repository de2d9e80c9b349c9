/** Generates packages/contracts/src/gen from proto/. With --if-changed, only when the protos have changed since. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const out = join(root, 'packages/contracts/src/gen');
const stamp = join(out, '.inputs.sha256');

const digest = createHash('sha256');
for (const file of [
  'buf.yaml',
  'buf.gen.yaml',
  'package-lock.json',
  ...globSync('proto/**/*.proto', { cwd: root }).sort(),
]) {
  digest.update(file).update(readFileSync(join(root, file)));
}
const inputs = digest.digest('hex');

if (process.argv.includes('--if-changed') && read(stamp) === inputs) process.exit(0);

console.log('generating packages/contracts/src/gen from proto/');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const buf = join(root, 'node_modules/.bin/buf');
for (const args of [['generate'], ['build', '-o', join(out, 'descriptors.binpb')]]) {
  const run = spawnSync(buf, args, { cwd: root, stdio: 'inherit' });
  if (run.error) throw run.error;
  if (run.status !== 0) process.exit(run.status ?? 1);
}
writeFileSync(stamp, inputs);

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
