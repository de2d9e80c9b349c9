import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  migrate,
  migrateService,
  ownerOf,
  provision,
  roleOf,
  type ServiceRole,
  schemaOf,
} from '@lienthong/kit';
import { testDatabase } from '@lienthong/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseRoles, roleAccess } from '../src/database-roles.ts';
import { services } from '../src/index.ts';

// What each service's role may do in the database, and what it may not.

const names = services.map(({ name }) => name);
const DENIED = /permission denied|must be owner|must be superuser|Only roles with/;

let database: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
let roles: ServiceRole[];
let access: ReturnType<typeof roleAccess>;
let admin: pg.Client;
const clients: pg.Client[] = [];

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  clients.push(client);
  return client;
}
const as = (service: string) => connected(access(service).url);
const tablesOf = async (schema: string): Promise<string[]> =>
  (
    await admin.query<{ name: string }>('select tablename as name from pg_tables where schemaname = $1', [
      schema,
    ])
  ).rows.map(({ name }) => name);

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'lienthong-roles-'));
  roles = await databaseRoles(folder, names);
  access = roleAccess(database.databaseUrl, roles);
  admin = await connected(database.databaseUrl);
  // Some schemas are older than the roles: the administrator made and owns them.
  for (const service of services.slice(0, 4))
    await migrate(database.databaseUrl, schemaOf(service.name), service.migrations);
  await provision(database.databaseUrl, roles);
  for (const service of services) await migrateService(access(service.name), service);
});
afterAll(async () => {
  for (const client of clients) await client.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('everything in the schemas belongs to their owners, to whom nobody logs in', async () => {
  const { rows } = await admin.query(
    `select n.nspname as schema, pg_get_userbyid(c.relowner) as owner from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = any($1) and c.relkind <> 't'
     union
     select n.nspname, pg_get_userbyid(p.proowner) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = any($1)
     union
     select nspname, pg_get_userbyid(nspowner) from pg_namespace where nspname = any($1)
     order by schema`,
    [names.map(schemaOf)],
  );
  expect(rows).toEqual(
    names
      .map(schemaOf)
      .sort()
      .map((schema) => ({ schema, owner: ownerOf(schema) })),
  );
  const { rows: logins } = await admin.query(
    'select rolname from pg_roles where rolname = any($1) and rolcanlogin',
    [names.map((name) => ownerOf(schemaOf(name)))],
  );
  expect(logins).toEqual([]);
});

test('to provision and migrate again changes nothing, and the roles go on', async () => {
  await provision(database.databaseUrl, roles);
  for (const service of services) expect(await migrateService(access(service.name), service)).toEqual([]);
  for (const name of names) await (await as(name)).query('select 1');
});

test('the passwords are kept for the owner of the folder alone, and PostgreSQL has only their verifiers', async () => {
  for (const { schema } of roles)
    expect(statSync(join(folder, 'database-roles', schema)).mode & 0o777).toBe(0o600);
  const { rows } = await admin.query('select rolpassword from pg_authid where rolname = any($1)', [
    roles.map(({ schema }) => roleOf(schema)),
  ]);
  expect(rows).toHaveLength(roles.length);
  for (const { rolpassword } of rows) expect(rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
});

test('a role that may do more is not used', async () => {
  const role = roleOf('mighty');
  await admin.query(`create role ${role} createrole`);
  try {
    await expect(provision(database.databaseUrl, [{ schema: 'mighty', password: 'x' }])).rejects.toThrow(
      `role ${role} may do more than a service needs`,
    );
  } finally {
    await admin.query(`drop role ${role}`);
  }
});

test('a role of none of the services cannot connect', async () => {
  const stranger = `stranger_${Date.now()}`;
  await admin.query(`create role ${stranger} login password 'known'`);
  const url = new URL(database.databaseUrl);
  url.username = stranger;
  url.password = 'known';
  const client = new pg.Client({ connectionString: url.href });
  await expect(client.connect()).rejects.toThrow(/permission denied for database/);
  await admin.query(`drop role ${stranger}`);
});

describe.each(names)('%s', (service) => {
  const schema = schemaOf(service);
  let client: pg.Client;
  let table: string;
  beforeAll(async () => {
    client = await as(service);
    table = `${schema}.${(await tablesOf(schema)).find((name) => name !== 'migration')}`;
  });

  test.each(names.map(schemaOf))('reads and writes %s only when it is its own schema', async (other) => {
    for (const name of await tablesOf(other)) {
      const read = client.query(`select from ${other}.${name} limit 1`);
      if (other === schema) await read;
      else await expect(read).rejects.toThrow(`permission denied for schema ${other}`);
    }
    if (other !== schema) return;
    await client.query(
      `insert into ${schema}.consumer_cursor (name, source, position) values ('matrix', 'test', 1)`,
    );
    await client.query(`update ${schema}.consumer_cursor set position = 2 where name = 'matrix'`);
    const { rowCount } = await client.query(`delete from ${schema}.consumer_cursor where name = 'matrix'`);
    expect(rowCount).toBe(1);
  });

  test.each<[string, (table: string) => string]>([
    ['makes no table in its schema', () => `create table ${schema}.more (id int)`],
    ['makes no function in its schema', () => `create function ${schema}.f() returns int return 1`],
    ['makes nothing in public', () => 'create table public.more (id int)'],
    ['makes no temporary table', () => 'create temporary table more (id int)'],
    ['makes no schema', () => 'create schema more'],
    ['changes no table', (table) => `alter table ${table} add column more int`],
    ['drops no table', (table) => `drop table ${table}`],
    ['empties no table', (table) => `truncate ${table} cascade`],
    [
      'adds no trigger',
      (table) =>
        `create trigger t before insert on ${table} for each row execute function suppress_redundant_updates_trigger()`,
    ],
    ['switches no trigger off', (table) => `alter table ${table} disable trigger all`],
    ['does not become the owner', () => `set role ${ownerOf(schema)}`],
    ['makes no role', () => 'create role more'],
    ['reads no file of the server', () => `select pg_read_file('/etc/hostname')`],
    ['runs no program', () => `copy (select 1) to program 'true'`],
    ['does not skip triggers', () => `set session_replication_role = replica`],
    ['does not note a migration', () => `insert into ${schema}.migration (name) values ('x')`],
    ['changes no event', () => `update ${schema}.event set type = 'x'`],
    ['deletes no event', () => `delete from ${schema}.event`],
  ])('%s', async (_, sql) => {
    await expect(client.query(sql(table))).rejects.toThrow(DENIED);
  });

  test('needs no right to migrate when there is nothing to migrate', async () => {
    const found = services.find(({ name }) => name === service) as (typeof services)[number];
    expect(await migrateService({ url: access(service).url }, found)).toEqual([]);
  });
});

test.each(['update audit.entry set type = type', 'delete from audit.entry', 'truncate audit.entry'])(
  'audit itself does not %s',
  async (sql) => {
    await expect((await as('audit')).query(sql)).rejects.toThrow('permission denied for table entry');
  },
);

test('the command provisions and migrates a database', async () => {
  const empty = await testDatabase();
  try {
    const run = spawnSync(process.execPath, [join(import.meta.dirname, '../src/provision.ts'), folder], {
      env: { PATH: process.env.PATH, MIGRATION_DATABASE_URL: empty.databaseUrl },
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    for (const { schema, password } of roles) {
      expect(run.stdout).toContain(`role ${roleOf(schema)}, password in ${folder}/database-roles/${schema}`);
      expect(run.stdout).not.toContain(password);
    }
    const client = await connected(roleAccess(empty.databaseUrl, roles)('casework').url);
    await client.query('select from casework.event');
    await client.end();
  } finally {
    await empty.drop();
  }
});
