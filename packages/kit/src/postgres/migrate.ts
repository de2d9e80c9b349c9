import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import pg from 'pg';
import { serverOf } from './server-of.ts';

/** A folder of numbered SQL files; the name keeps folders of several packages apart in one schema. */
export interface MigrationSet {
  name: string;
  folder: URL;
  /** Tables whose rows the running service may add and read, and never change or delete. */
  appendOnly?: readonly string[];
}

/** One lock for the whole database: `create extension` of two schemas at once would collide. */
export const MIGRATION_LOCK = "hashtextextended('lienthong migrations', 0)";

/**
 * Brings a service's schema up to date, creating it when absent, as the schema's owner where the URL's role may act as
 * that. Any number of processes may do this at once. With nothing to do it needs no right but to read.
 * @param runtimeRole gets the right to read and write rows, of append-only tables only to add them
 * @throws when the schema holds a migration this version does not know: the database is newer than the program.
 */
export async function migrate(
  url: string,
  schema: string,
  sets: readonly MigrationSet[],
  runtimeRole?: string,
): Promise<string[]> {
  const client = new pg.Client({ ...serverOf(url), application_name: `lienthong migrate ${schema}` });
  // A connection lost between two statements shows at the next one.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    const name = client.escapeIdentifier(schema);
    await enterSchema(client, schema);
    await client.query(`set search_path to ${name}, public`);
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
    if (runtimeRole !== undefined) await grantRows(client, schema, runtimeRole, sets);
    return due.map((file) => file.name);
  } finally {
    await client.end();
  }
}

/** Makes the schema and its list of migrations where they are absent, and acts as the schema's owner from here on. */
async function enterSchema(client: pg.Client, schema: string): Promise<void> {
  const name = client.escapeIdentifier(schema);
  const { rows } = await client.query<{ owner: string; may: boolean; noted: boolean }>(
    `select pg_get_userbyid(nspowner) as owner, pg_has_role(current_user, nspowner, 'set') as may,
            exists (select from pg_class where relnamespace = n.oid and relname = 'migration') as noted
       from pg_namespace n where nspname = $1`,
    [schema],
  );
  const found = rows[0];
  if (found === undefined) await client.query(`create schema ${name}`);
  else if (found.may) await client.query(`set role ${client.escapeIdentifier(found.owner)}`);
  if (found?.noted) return;
  await client.query(
    `create table ${name}.migration (name text primary key, applied_at timestamptz not null default now())`,
  );
}

async function grantRows(
  client: pg.Client,
  schema: string,
  runtimeRole: string,
  sets: readonly MigrationSet[],
): Promise<void> {
  const [name, role] = [client.escapeIdentifier(schema), client.escapeIdentifier(runtimeRole)];
  const appendOnly = sets
    .flatMap((set) => set.appendOnly ?? [])
    .map((table) => `${name}.${client.escapeIdentifier(table)}`);
  await client.query('begin');
  await client.query(`grant usage on schema ${name} to ${role}`);
  await client.query(`grant select, insert, update, delete on all tables in schema ${name} to ${role}`);
  await client.query(`grant usage on all sequences in schema ${name} to ${role}`);
  await client.query(`revoke insert, update, delete on ${name}.migration from ${role}`);
  if (appendOnly.length > 0)
    await client.query(`revoke update, delete on ${appendOnly.join(', ')} from ${role}`);
  await client.query('commit');
}

async function filesOf(set: MigrationSet): Promise<{ name: string; url: URL }[]> {
  const files = (await readdir(set.folder)).filter((file) => /^\d{4}_.+\.sql$/.test(file)).sort();
  return files.map((file) => ({
    name: `${set.name}/${basename(file, '.sql')}`,
    url: new URL(file, set.folder),
  }));
}
