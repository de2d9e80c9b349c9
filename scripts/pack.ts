/** Packs the packages that others install: `npm run pack -- [--out FOLDER] [--repository URL]`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packPackages } from './pack/pack.ts';

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'packed' }, repository: { type: 'string' } },
});
for (const file of await packPackages(resolve(values.out), values.repository)) console.log(file);
