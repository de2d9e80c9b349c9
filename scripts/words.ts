/** Refuses words that CONTRIBUTING.md rules out, in the folders that are free of them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const CLEAN = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'bench',
  'docs',
  'examples',
  'packages/client',
  'packages/contracts',
  'packages/embedded',
  'packages/eventlog',
  'packages/kit',
  'packages/outbound',
  'packages/paper',
  'packages/reference-data',
  'packages/sample-data',
  'packages/test-mail-server',
  'packages/testkit',
  'packages/workflow',
  'packages/working-time',
  'proto',
  'scripts',
  'services/agency-directory',
  'services/audit',
  'services/casework',
  'services/document-routing',
  'services/feed',
  'services/notification',
  'services/procedure-registry',
  'services/standalone',
];
/** Files that name the words. */
const NAMES_THEM = ['scripts/words.ts', 'docs/asyncapi.yaml'];
const WORDS =
  /\b(anew|who(so)?m?ever|whither|whence|whereof|thereof|hitherto|of which|since ever|(is|are) none of)\b/i;

const root = dirname(import.meta.dirname);
const listed = execFileSync('git', ['ls-files', '-z', '--', ...CLEAN], { cwd: root, encoding: 'utf8' });
let found = 0;
for (const file of listed.split('\0')) {
  if (!/\.(ts|md|proto|sql)$/.test(file) || NAMES_THEM.includes(file)) continue;
  for (const [i, line] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
    const [word] = WORDS.exec(line) ?? [];
    if (word === undefined) continue;
    found += 1;
    console.error(
      `${file}:${i + 1}: "${word}" is not a word of this project (CONTRIBUTING.md): ${line.trim()}`,
    );
  }
}
if (found > 0) process.exitCode = 1;
