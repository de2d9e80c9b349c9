/** Writes docs/api/ from the contracts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { apiReference } from './api/reference.ts';

const folder = join(import.meta.dirname, '../docs/api');
mkdirSync(folder, { recursive: true });
for (const [name, text] of apiReference(fileDescriptorSet()).pages) writeFileSync(join(folder, name), text);
