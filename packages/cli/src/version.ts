import { readFileSync } from 'node:fs';

/** Of this package, in the sources and in what is installed. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;
