import pg from 'pg';
import semver from 'semver';
import { PROGRAM_VERSION } from '../version.ts';
import { applyMigration, LOCK_TIMEOUT_MS } from './apply-migration.ts';
import { type MigrationFile, type MigrationSet, migrationFiles } from './migration-files.ts';
import { serverOf } from './server-of.ts';

/** One lock for the whole database: `create extension` of two schemas at once would collide. */
export const MIGRATION_LOCK = "hashtextextended('lienthong migrations', 0)";

interface AppliedRow {
  name: string;
  /** The lowest version of the program that goes on with it; null: every version does. */
  serves_from: string | null;
}

/**
 * Brings a service's schema up to date, creating it when absent, as the schema's owner where the URL's role may act as
 * that. Any number of processes may do this at once, and beside calls. With nothing to do it needs no right but to read.
 * A schema that a newer version has only added to is left as it is.
 * @param runtimeRole gets the right to read and write rows, of append-only tables only to add them
 * @throws when the schema holds a migration with which this version of the program cannot work
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
    await client.query(`set lock_timeout to ${LOCK_TIMEOUT_MS}`);
    const known = (await Promise.all(sets.map(migrationFiles))).flat();
    const { rows: applied } = await client.query<AppliedRow>(
      `select name, serves_from from ${name}.migration`,
    );
    const due = known.filter((file) => !applied.some((row) => row.name === file.name));
    const unknown = applied.filter((row) => !known.some((file) => file.name === row.name));
    if (unknown.length > 0) {
      refuseIncompatible(schema, unknown, due);
      // Rights on the tables of the newer version are given by the newer version.
      return [];
    }
    for (const file of due) await applyMigration(client, schema, file);
    if (runtimeRole !== undefined) await grantRows(client, schema, runtimeRole, sets);
    return due.map((file) => file.name);
  } finally {
    await client.end();
  }
}

function refuseIncompatible(
  schema: string,
  unknown: readonly AppliedRow[],
  due: readonly MigrationFile[],
): void {
  const contract = unknown.find(
    (row) => row.serves_from !== null && semver.lt(PROGRAM_VERSION, row.serves_from),
  );
  if (contract !== undefined)
    throw new Error(
      `schema ${schema} is newer than this program: after its migration ${contract.name} it serves version ` +
        `${contract.serves_from} and later, and this is ${PROGRAM_VERSION}. Start the newer version.`,
    );
  if (due.length > 0)
    throw new Error(
      `schema ${schema} was migrated by a program of another line: it has ${unknown.map((row) => row.name).join(', ')}, ` +
        `which this program does not know, and lacks ${due.map((file) => file.name).join(', ')}. Start that program.`,
    );
}

/** Makes the schema and its list of migrations where they are absent, and acts as the schema's owner from here on. */
async function enterSchema(client: pg.Client, schema: string): Promise<void> {
  const name = client.escapeIdentifier(schema);
  const { rows } = await client.query<{ owner: string; may: boolean; noted: boolean; serving: boolean }>(
    `select pg_get_userbyid(nspowner) as owner, pg_has_role(current_user, nspowner, 'set') as may,
            t.oid is not null as noted, a.attname is not null as serving
       from pg_namespace n
       left join pg_class t on t.relnamespace = n.oid and t.relname = 'migration'
       left join pg_attribute a on a.attrelid = t.oid and a.attname = 'serves_from'
      where nspname = $1`,
    [schema],
  );
  const found = rows[0];
  if (found === undefined) await client.query(`create schema ${name}`);
  else if (found.may) await client.query(`set role ${client.escapeIdentifier(found.owner)}`);
  if (!found?.noted)
    await client.query(
      `create table ${name}.migration (name text primary key, applied_at timestamptz not null default now())`,
    );
  if (!found?.serving) await client.query(`alter table ${name}.migration add column serves_from text`);
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
