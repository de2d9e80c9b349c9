import { readFileSync } from 'node:fs';

/** The version of this program; all packages have the same. */
export const PROGRAM_VERSION: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;
