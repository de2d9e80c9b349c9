/** Refuses a proto that would break clients built on the published one: the newest commit before this. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);

function published(): string | undefined {
  for (const ref of ['origin/main', 'HEAD~1']) {
    const tree = spawnSync('git', ['ls-tree', '--name-only', ref, 'proto', 'buf.yaml'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (tree.status === 0 && tree.stdout.trim().split('\n').length === 2) return ref;
  }
  return undefined;
}

const ref = published();
if (ref === undefined) {
  console.log('no published proto to compare with');
} else {
  const buf = join(root, 'node_modules/.bin/buf');
  const run = spawnSync(buf, ['breaking', '--against', `.git#ref=${ref}`], { cwd: root, stdio: 'inherit' });
  if (run.error) throw run.error;
  process.exitCode = run.status ?? 1;
}
