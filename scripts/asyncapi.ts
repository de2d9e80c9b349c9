/** Writes docs/asyncapi.yaml from the contracts; with `--check`, only checks that it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { eventContracts } from '@lienthong/contracts/events';
import { asyncApi } from './asyncapi/document.ts';

const file = join(import.meta.dirname, '../docs/asyncapi.yaml');
const text = asyncApi(fileDescriptorSet(), eventContracts);

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/asyncapi.yaml differs from the contracts; run `node scripts/asyncapi.ts`');
  process.exit(1);
}
