/** Refuses words that CONTRIBUTING.md rules out. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDERS = ['*.md', 'bench', 'deploy', 'docs', 'examples', 'packages', 'proto', 'scripts', 'services'];
/** Files that name the words. */
const NAMES_THEM = ['CONTRIBUTING.md', 'scripts/words.ts', 'docs/asyncapi.yaml'];
const WORDS =
  /\b(anew|who(so)?m?ever|whither|whence|whereof|thereof|hitherto|of which|since ever|(is|are) none of)\b/i;

const root = dirname(import.meta.dirname);
const listed = execFileSync('git', ['ls-files', '-z', '--', ...FOLDERS], { cwd: root, encoding: 'utf8' });
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
