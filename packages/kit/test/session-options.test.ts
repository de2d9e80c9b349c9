import { globSync, readFileSync } from 'node:fs';
import { type TestDatabase, testDatabase } from '@lienthong/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';

let made: TestDatabase;
let db: Database;
beforeAll(async () => {
  made = await testDatabase();
  db = openDatabase({ url: made.databaseUrl, schema: 'public', connections: 1, onError: () => {} });
});
afterAll(async () => {
  await db.close();
  await made.drop();
});

test('every connection has the settings, also one outside the pool', async () => {
  const settings = `select name, setting from pg_settings where name in
    ('enable_seqscan', 'jit', 'idle_in_transaction_session_timeout', 'transaction_timeout') order by name`;
  const expected = [
    { name: 'enable_seqscan', setting: 'off' },
    { name: 'idle_in_transaction_session_timeout', setting: '15000' },
    { name: 'jit', setting: 'off' },
    { name: 'transaction_timeout', setting: '60000' },
  ];
  expect(await db.query({ text: settings })).toEqual(expected);
  const client = await db.connect();
  expect((await client.query(settings)).rows).toEqual(expected);
  await client.end();
});

test('a statement planned while its table is small uses the index, which it otherwise would not', async () => {
  const byService = await db.connect();
  const byDefault = new pg.Client({ connectionString: made.databaseUrl });
  await byDefault.connect();
  await byDefault.query('create table small (id int primary key, body text)');
  await byDefault.query("insert into small select i, 'x' from generate_series(1, 5) i; analyze small");
  const plan = async (client: pg.Client) => {
    await client.query('prepare one as select body from small where id = $1');
    // PostgreSQL keeps a plan from the sixth execution on.
    for (let i = 0; i < 6; i += 1) await client.query('execute one(3)');
    const { rows } = await client.query('explain execute one(3)');
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  expect(await plan(byDefault)).toContain('Seq Scan');
  expect(await plan(byService)).toContain('Index Scan');
  await byService.end();
  await byDefault.end();
});

test('no other source file sets how statements are planned', () => {
  const root = new URL('../../../', import.meta.url);
  const sets = /\b(enable_[a-z]+ ?=|(set|local) (enable_|plan_cache|random_page|seq_page|jit))/;
  const found = globSync('{packages,services}/*/{src,migrations}/**/*.{ts,sql}', { cwd: root }).filter(
    (file) => sets.test(readFileSync(new URL(file, root), 'utf8')),
  );
  expect(found, 'planner settings belong in one place (docs/adr/0014-planner-settings.md)').toEqual([
    'packages/kit/src/postgres/session-options.ts',
  ]);
});
