import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { expect, test } from 'vitest';
import { apiReference } from './reference.ts';

const { pages, uncommented } = apiReference(fileDescriptorSet());
const folder = join(import.meta.dirname, '../../docs/api');

test('docs/api agrees with the contracts; if not, run `node scripts/api.ts`', () => {
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
  for (const [name, text] of pages)
    expect(readFileSync(join(folder, name), 'utf8') === text, name).toBe(true);
});

test('every method says what it does', () => {
  expect(uncommented).toEqual([]);
});

test('a method shows its fields, and types lead to where they stand', () => {
  const page = pages.get('casework.md') ?? '';
  expect(page).toContain('### LodgeDossier\n');
  expect(page).toContain('| `data` | map of string to string | By path of the procedure');
  expect(page).toContain('| `channel` | [Channel](registry.md#channel) |');
  expect(page).toContain('| `papers` | list of [Paper](#paper) |');
});
