import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import pg from 'pg';

/** A folder of numbered SQL files; the name keeps folders of several packages apart in one schema. */
export interface MigrationSet {
  name: string;
  folder: URL;
}

/**
 * Brings a service's schema up to date, creating it when absent. Any number of processes may do this at once.
 * @throws when the schema holds a migration this version does not know: the database is newer than the program.
 */
export async function migrate(url: string, schema: string, sets: readonly MigrationSet[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: `lienthong migrate ${schema}` });
  // A connection lost between two statements shows at the next one.
  client.on('error', () => {});
  await client.connect();
  try {
    // One lock for the whole database: `create extension` of two schemas at once would collide.
    await client.query(`select pg_advisory_lock(hashtextextended('lienthong migrations', 0))`);
    const name = client.escapeIdentifier(schema);
    await client.query(`create schema if not exists ${name}`);
    await client.query(`set search_path to ${name}, public`);
    await client.query(
      `create table if not exists ${name}.migration (name text primary key, applied_at timestamptz not null default now())`,
    );
    const known = (await Promise.all(sets.map(filesOf))).flat();
    const { rows } = await client.query<{ name: string }>(`select name from ${name}.migration`);
    const applied = new Set(rows.map((row) => row.name));
    const unknown = [...applied].filter((file) => !known.some(({ name }) => name === file));
    if (unknown.length > 0) {
      throw new Error(
        `schema ${schema} is newer than this program: it has ${unknown.join(', ')}. Start the newer version.`,
      );
    }
    const due = known.filter((file) => !applied.has(file.name));
    for (const file of due) {
      const sql = await readFile(file.url, 'utf8');
      await client.query('begin');
      await client.query(sql).catch((cause) => {
        throw new Error(`migration ${file.name} of schema ${schema} failed: ${(cause as Error).message}`, {
          cause,
        });
      });
      await client.query(`insert into ${name}.migration (name) values ($1)`, [file.name]);
      await client.query('commit');
    }
    return due.map((file) => file.name);
  } finally {
    await client.end();
  }
}

async function filesOf(set: MigrationSet): Promise<{ name: string; url: URL }[]> {
  const files = (await readdir(set.folder)).filter((file) => /^\d{4}_.+\.sql$/.test(file)).sort();
  return files.map((file) => ({
    name: `${set.name}/${basename(file, '.sql')}`,
    url: new URL(file, set.folder),
  }));
}
