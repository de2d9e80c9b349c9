import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type ManagedServer, type Stack, startStack } from '@lienthong/embedded';
import { type Database, openDatabase } from '@lienthong/kit';
import { escapeIdentifier } from 'pg';
import { inject } from 'vitest';
import { connected, dropDatabase, urlOf } from './admin.ts';
import './global-setup.ts';
import { openDirectory, type SharedServers } from './servers.ts';

export interface Template {
  /** Tests that ask for the same name in one run share the template. */
  name: string;
  /** Runs once per run on an empty database; must close its connections. */
  migrate: (databaseUrl: string) => Promise<void>;
}

export interface TestDatabaseOptions {
  template?: Template;
}

export interface TestDatabase {
  databaseUrl: string;
  /** Drops the database, even when clients are connected. */
  drop(): Promise<void>;
}

export interface TestStack {
  databaseUrl: string;
  natsUrl: string;
  /** Small letters and digits, unique: begins stream names and subjects, so that test files do not meet. */
  natsPrefix: string;
  close(): Promise<void>;
}

/** The servers of this run, as the global setup started them. */
export function sharedServers(): SharedServers {
  const servers = inject('servers');
  if (!servers)
    throw new Error('no servers: the vitest configuration must name packages/testkit/src/global-setup.ts');
  return servers;
}

/** A fresh database on the shared server: a clone of the migrated template, or empty. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const servers = sharedServers();
  const database = `${servers.run}_${randomBytes(6).toString('hex')}`;
  const source = options.template ? await migrated(servers, options.template) : 'template0';
  await connected(servers.databaseUrl, (client) =>
    client.query(`create database ${escapeIdentifier(database)} template ${escapeIdentifier(source)}`),
  );
  return {
    databaseUrl: urlOf(servers.databaseUrl, database),
    drop: () => connected(servers.databaseUrl, (client) => dropDatabase(client, database)),
  };
}

/**
 * Name of the template database, made by the first process; the others wait on the advisory lock, which
 * ends with the connection. It gets its name only when the migration succeeded.
 */
async function migrated(servers: SharedServers, template: Template): Promise<string> {
  const name = `${servers.run}_template_${createHash('sha256').update(template.name).digest('hex').slice(0, 16)}`;
  const unfinished = `${name}_unfinished`;
  await connected(servers.databaseUrl, async (client) => {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return;
    await dropDatabase(client, unfinished);
    await client.query(`create database ${escapeIdentifier(unfinished)} template template0`);
    await template.migrate(urlOf(servers.databaseUrl, unfinished));
    await client.query(`alter database ${escapeIdentifier(unfinished)} rename to ${escapeIdentifier(name)}`);
  });
  return name;
}

/** A fresh database and a prefix of one's own on the shared servers: what most test files need. */
export async function testStack(options: TestDatabaseOptions = {}): Promise<TestStack> {
  const { databaseUrl, drop } = await testDatabase(options);
  return {
    databaseUrl,
    natsUrl: sharedServers().natsUrl,
    natsPrefix: `t${randomBytes(6).toString('hex')}`,
    close: drop,
  };
}

/** Connections to a schema, to look at what a service wrote; `close()` them before the database is dropped. */
export const openTestDatabase = (url: string, schema: string, connections = 4): Database =>
  openDatabase({ url, schema, connections, onError: (error) => console.error(error) });

/** Embedded servers of one's own, for tests that kill, pause or wipe them. `stop` deletes their data. */
export async function privateStack(): Promise<Stack & { postgres: ManagedServer; nats: ManagedServer }> {
  const dataDir = openDirectory(sharedServers().dir, 'private-');
  const stack = (await startStack({ dataDir })) as Stack & { postgres: ManagedServer; nats: ManagedServer };
  return {
    ...stack,
    async stop() {
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
