import { type TestDatabase, testDatabase } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, migrate, openDatabase } from '../src/index.ts';

let made: TestDatabase;
let db: Database;

beforeAll(async () => {
  const folder = new URL('migrations/first/', import.meta.url);
  made = await testDatabase();
  await migrate(made.databaseUrl, 'notes', [{ name: 'first', folder }]);
  // One connection, so that what was prepared on it is what runs on it.
  db = openDatabase({ url: made.databaseUrl, schema: 'notes', connections: 1, onError: () => {} });
});
afterAll(async () => {
  await db.close();
  await made.drop();
});

test('a plan made for an empty table uses the index once the table has grown', async () => {
  const find = (ids: readonly number[]) =>
    db.query<{ id: number }>({
      name: 'find-notes',
      text: 'select n.id from unnest($1::int[]) as wanted (id) join note n on n.id = wanted.id',
      values: [ids],
    });
  const scans = async () => {
    await db.query({ text: 'select pg_stat_force_next_flush()' });
    const rows = await db.query<{ n: number }>({
      text: "select seq_scan as n from pg_stat_user_tables where relname = 'note'",
    });
    return rows[0]?.n;
  };
  // After five plans for the values given, PostgreSQL may keep one for all.
  const ids = Array.from({ length: 2_000 }, (_, n) => n + 1);
  for (let n = 0; n < 8; n += 1) await find(ids);
  await db.query({
    text: "insert into note (id, body) select n, 'note ' || n from generate_series(1, 5000) as n",
  });
  const before = await scans();
  expect(await find(ids)).toHaveLength(2_000);
  expect(await scans()).toBe(before);
});

test('a process paused inside a transaction loses it, in the pool and on a leader’s connection', async () => {
  const text = "select current_setting('idle_in_transaction_session_timeout') as timeout";
  const leader = await db.connect();
  try {
    const pooled = await db.transaction((tx) => tx.query({ text }));
    expect([pooled, (await leader.query(text)).rows]).toEqual([[{ timeout: '15s' }], [{ timeout: '15s' }]]);
  } finally {
    await leader.end();
  }
});
