/** Writes docs/reasons.md from the sources; with `--check`, only checks that it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from './errors/catalogue.ts';

const file = join(import.meta.dirname, '../docs/reasons.md');
const text = catalogue();

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/reasons.md differs from the code; run `node scripts/errors.ts`');
  process.exit(1);
}
