/** Refuses protos that would break clients of the published ones: those of origin/main, or of the commit before. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });

function published(): string | undefined {
  const head = git('rev-parse', 'HEAD').stdout;
  for (const ref of ['origin/main', 'HEAD~1']) {
    const tree = git('ls-tree', '--name-only', ref, 'proto', 'buf.yaml');
    const complete = tree.status === 0 && tree.stdout.trim().split('\n').length === 2;
    if (complete && git('rev-parse', ref).stdout !== head) return ref;
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
