import {
  type Migration,
  type MigrationFile,
  type MigrationSet,
  migrationFiles,
  readMigration,
} from '@lienthong/kit';
import type { Client } from 'pg';
import { connected } from '../admin.ts';
import { testDatabase } from '../test-stack.ts';
import { breaksBetween } from './breaks.ts';
import { readCatalog } from './catalog.ts';

export interface MigrationEffect extends Pick<Migration, 'declared'> {
  /** set/0001_what */
  name: string;
  /** In words, what can break programs of the version before. */
  breaks: string[];
}

/**
 * Applies the migrations of a schema to an empty database, and compares the catalog before and after each one that is
 * newer than `before`.
 * @param before the newest file of each set in the version before; of a set that is not there, every file is newer
 */
export async function migrationsSince(
  schema: string,
  sets: readonly MigrationSet[],
  before: Readonly<Record<string, string>>,
): Promise<MigrationEffect[]> {
  const [old, newer]: [MigrationFile[], MigrationFile[]] = [[], []];
  for (const set of sets)
    for (const file of await migrationFiles(set))
      (file.name > `${set.name}/${before[set.name] ?? ''}` ? newer : old).push(file);
  const { databaseUrl, drop } = await testDatabase();
  try {
    return await connected(databaseUrl, async (client) => {
      await client.query(`create schema ${schema}`);
      await client.query(`set search_path to ${schema}, public`);
      for (const file of old) await client.query((await readMigration(file)).sql);
      const effects: MigrationEffect[] = [];
      for (const file of newer) effects.push(await applyAndCompare(client, schema, file));
      return effects;
    });
  } finally {
    await drop();
  }
}

async function applyAndCompare(
  client: Client,
  schema: string,
  file: MigrationFile,
): Promise<MigrationEffect> {
  const { sql, declared } = await readMigration(file);
  const before = await readCatalog(client, schema);
  await client.query(sql);
  return { name: file.name, declared, breaks: breaksBetween(before, await readCatalog(client, schema)) };
}
