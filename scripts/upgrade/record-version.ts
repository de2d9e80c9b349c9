/** `npx node scripts/upgrade/record-version.ts <commit>` records a release as the version that the next one replaces. */
import { writeFileSync } from 'node:fs';
import { git } from './git.ts';
import { FILE, type VersionBefore } from './version-before.ts';

const [name] = process.argv.slice(2);
if (name === undefined) {
  console.error('use: record-version.ts <commit>');
  process.exitCode = 1;
} else {
  const commit = git('rev-parse', '--verify', `${name}^{commit}`).toString().trim();
  const { version } = JSON.parse(git('show', `${commit}:package.json`).toString());
  const migrations: VersionBefore['migrations'] = {};
  for (const path of git('ls-tree', '-r', '--name-only', commit).toString().split('\n').sort()) {
    const [, set, file] = /^(?:packages|services)\/([^/]+)\/migrations\/(\d{4}_.+)\.sql$/.exec(path) ?? [];
    if (set !== undefined && file !== undefined) migrations[set] = file;
  }
  const recorded: VersionBefore = { version, commit, migrations };
  writeFileSync(FILE, `${JSON.stringify(recorded, null, 2)}\n`);
  console.log(`the version before is ${version} at ${commit}`);
}
