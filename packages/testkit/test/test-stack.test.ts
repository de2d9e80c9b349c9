import { Client } from 'pg';
import { afterAll, expect, test } from 'vitest';
import { privateStack, sharedServers, type TestDatabase, testDatabase, testStack } from '../src/index.ts';

async function query(databaseUrl: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const opened: TestDatabase[] = [];
afterAll(() => Promise.all(opened.map((database) => database.drop())));

test('clones of one template are migrated once and do not see each other', async () => {
  let migrations = 0;
  const template = {
    name: 'one table',
    migrate: async (databaseUrl: string) => {
      migrations++;
      await query(databaseUrl, 'create table note (body text); ');
    },
  };
  const clones = await Promise.all([1, 2, 3, 4].map(() => testDatabase({ template })));
  opened.push(...clones);
  expect(migrations).toBe(1);
  const [first, second] = clones;
  await query(first?.databaseUrl ?? '', "insert into note (body) values ('first')");
  expect(await query(first?.databaseUrl ?? '', 'select body from note')).toEqual([{ body: 'first' }]);
  expect(await query(second?.databaseUrl ?? '', 'select body from note')).toEqual([]);
});

test('a template whose migration failed is made again', async () => {
  const name = 'fails at first';
  const failing = testDatabase({
    template: {
      name,
      migrate: async (databaseUrl) => {
        await query(databaseUrl, 'create table note (body text)');
        throw new Error('half way');
      },
    },
  });
  await expect(failing).rejects.toThrow('half way');
  const database = await testDatabase({
    template: { name, migrate: async (url) => void (await query(url, 'create table note (body text)')) },
  });
  opened.push(database);
  expect(await query(database.databaseUrl, 'select body from note')).toEqual([]);
});

test('a dropped database is gone even while somebody is connected', async () => {
  const stack = await testStack();
  const client = new Client({ connectionString: stack.databaseUrl });
  client.on('error', () => {});
  await client.connect();
  const name = new URL(stack.databaseUrl).pathname.slice(1);
  await stack.close();
  const left = await query(
    sharedServers().databaseUrl,
    `select 1 from pg_database where datname = '${name}'`,
  );
  expect(left).toEqual([]);
  await client.end();
});

test('two stacks differ in their prefix', async () => {
  const [one, two] = await Promise.all([testStack(), testStack()]);
  expect(one.natsPrefix).toMatch(/^[a-z0-9]+$/);
  expect(one.natsPrefix).not.toBe(two.natsPrefix);
  await Promise.all([one.close(), two.close()]);
});

test('shared servers keep durable settings', async () => {
  const rows = await query(
    sharedServers().databaseUrl,
    "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by name",
  );
  expect(rows.map((row) => row.setting)).toEqual(['on', 'on', 'on']);
});

test('a private stack is another server', async () => {
  const stack = await privateStack();
  expect(stack.databaseUrl).not.toBe(sharedServers().databaseUrl);
  expect(stack.natsUrl).not.toBe(sharedServers().natsUrl);
  await stack.postgres.kill('SIGKILL');
  expect(stack.postgres.running()).toBe(false);
  expect(await query(sharedServers().databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await stack.stop();
});
