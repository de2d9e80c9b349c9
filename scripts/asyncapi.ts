/** Writes docs/asyncapi.yaml from the contracts; `--check` only says whether it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { eventContracts } from '@lienthong/contracts/events';
import { asyncApi } from './asyncapi/document.ts';

const file = join(import.meta.dirname, '../docs/asyncapi.yaml');
const text = asyncApi(fileDescriptorSet(), Object.keys(eventContracts));

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/asyncapi.yaml is not what the contracts say; run `node scripts/asyncapi.ts`');
  process.exit(1);
}
