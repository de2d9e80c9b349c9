import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { testDatabase } from '@lienthong/testkit';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type MigrationSet, migrate, PROGRAM_VERSION } from '../src/index.ts';

const set = (name: string): MigrationSet => ({
  name,
  folder: new URL(`migrations/${name}/`, import.meta.url),
});
const [first, second] = [set('first'), set('second')];
const [failing, clashing] = [set('failing'), set('clashing')];
const [contracting, undeclared] = [set('contracting'), set('undeclared')];
const FIRST = ['first/0001_note', 'first/0002_note_index'];

async function database() {
  const { databaseUrl, drop } = await testDatabase();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await drop();
  });
  const query = async (sql: string) => (await client.query(sql)).rows;
  return { url: databaseUrl, query };
}

test('migrations are applied once, in order, set after set', async () => {
  const { url, query } = await database();
  expect(await migrate(url, 'notes', [first])).toEqual(FIRST);
  expect(await migrate(url, 'notes', [first, second])).toEqual(['second/0001_other']);
  expect(await migrate(url, 'notes', [first, second])).toEqual([]);
  expect(await query('select body from notes.note')).toEqual([{ body: 'made by a migration' }]);
  expect(await query('select name from notes.migration order by applied_at, name')).toHaveLength(3);
});

test('twenty migrators at once apply each migration once', async () => {
  const { url, query } = await database();
  const applied = await Promise.all(Array.from({ length: 20 }, () => migrate(url, 'notes', [first, second])));
  expect(applied.flat()).toEqual([...FIRST, 'second/0001_other']);
  expect(await query('select count(*)::int as n from notes.note')).toEqual([{ n: 1 }]);
});

test('two schemas of one database do not see each other', async () => {
  const { url, query } = await database();
  await Promise.all([migrate(url, 'one', [first]), migrate(url, 'two', [first])]);
  await query("insert into one.note (id, body) values (1, 'only here')");
  expect(await query('select id from two.note')).toEqual([{ id: 0 }]);
});

describe('a schema of a newer version', () => {
  test('that was only added to is left as it is, and old programs start', async () => {
    const { url, query } = await database();
    await migrate(url, 'notes', [first, second]);
    expect(await migrate(url, 'notes', [first])).toEqual([]);
    expect(await query('select count(*)::int as n from notes.migration')).toEqual([{ n: 3 }]);
  });

  test('that older programs cannot work with is refused and left alone', async () => {
    const { url, query } = await database();
    await migrate(url, 'notes', [first, contracting]);
    await expect(migrate(url, 'notes', [first])).rejects.toThrow(
      'schema notes is newer than this program: after its migration contracting/0001_drop_amount it serves version ' +
        `999.0.0 and later, and this is ${PROGRAM_VERSION}. Start the newer version.`,
    );
    expect(await query('select count(*)::int as n from notes.migration')).toEqual([{ n: 3 }]);
    // A version from the declared one on goes on, although it does not know the migration.
    await query(
      `update notes.migration set serves_from = '${PROGRAM_VERSION}' where serves_from is not null`,
    );
    expect(await migrate(url, 'notes', [first])).toEqual([]);
  });

  test('that lacks what this program has is refused', async () => {
    const { url } = await database();
    await migrate(url, 'notes', [first, second]);
    await expect(migrate(url, 'notes', [first, contracting])).rejects.toThrow(
      'schema notes was migrated by a program of another line: it has second/0001_other, which this program does not ' +
        'know, and lacks contracting/0001_drop_amount. Start that program.',
    );
  });

  test('keeps the rights that the newer version gave', async () => {
    const { url, query } = await database();
    const role = `notes_runtime_${Date.now()}`;
    await query(`create role ${role}`);
    try {
      await migrate(url, 'notes', [first, { ...second, appendOnly: ['other'] }], role);
      await migrate(url, 'notes', [first], role);
      expect(
        await query(`select has_table_privilege('${role}', 'notes.other', 'insert') as may_add,
                            has_table_privilege('${role}', 'notes.other', 'delete') as may_delete`),
      ).toEqual([{ may_add: true, may_delete: false }]);
    } finally {
      await query(`drop owned by ${role}`);
      await query(`drop role ${role}`);
    }
  });

  test('is known by a list of migrations from before versions were noted', async () => {
    const { url, query } = await database();
    await migrate(url, 'notes', [first]);
    await query('alter table notes.migration drop column serves_from');
    expect(await migrate(url, 'notes', [first, second])).toEqual(['second/0001_other']);
  });
});

test('a declaration that cannot be read is refused with words', async () => {
  const { url, query } = await database();
  await expect(migrate(url, 'notes', [undeclared])).rejects.toThrow(
    'migration undeclared/0001_no_version has the line "-- contract: nobody reads it any more": ' +
      'write "-- expand: <reason>" or "-- contract <version>: <reason>"',
  );
  expect(await query('select count(*)::int as n from notes.migration')).toEqual([{ n: 0 }]);
});

test('a migration that waits for a long transaction lets others pass', async () => {
  const { url, query } = await database();
  await migrate(url, 'notes', [first]);
  await query('begin');
  await query('select id from notes.note');
  const migrated = migrate(url, 'notes', [first, contracting]);
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  const waits = async () => {
    const { rows } = await other.query(
      `select 1 from pg_stat_activity where application_name = 'lienthong migrate notes' and wait_event = 'relation'`,
    );
    return rows.length > 0;
  };
  while (!(await waits()));
  // Behind the waiting migration, before the long transaction ends.
  expect((await other.query('select amount from notes.note')).rowCount).toBe(1);
  await other.end();
  await query('commit');
  expect(await migrated).toEqual(['contracting/0001_drop_amount']);
});

test('a migration that fails names itself and leaves nothing; those before it stay', async () => {
  const { url, query } = await database();
  await expect(migrate(url, 'notes', [failing])).rejects.toThrow(
    /migration failing\/0002_bad of schema notes failed: function no_such_function\(\) does not exist/,
  );
  expect(await query('select name from notes.migration')).toEqual([{ name: 'failing/0001_good' }]);
  expect(await query("select to_regclass('notes.half_way') as t")).toEqual([{ t: null }]);
  // The lock is free again.
  await expect(migrate(url, 'notes', [failing])).rejects.toThrow('0002_bad');
});

test('a migration that cannot be recorded leaves nothing', async () => {
  const { url, query } = await database();
  await expect(migrate(url, 'notes', [clashing])).rejects.toMatchObject({ cause: { code: '23505' } });
  expect(await query("select to_regclass('notes.clash') as t")).toEqual([{ t: null }]);
});

describe('a connection lost', () => {
  const kill = (wait: string) => `
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where application_name = 'lienthong migrate notes' and datname = current_database() and ${wait}`;

  test('while waiting for the others fails the call and nothing else', async () => {
    const { url, query } = await database();
    await query(`select pg_advisory_lock(hashtextextended('lienthong migrations', 0))`);
    const failed = expect(migrate(url, 'notes', [first])).rejects.toThrow('terminating connection');
    while ((await query(kill("wait_event = 'advisory'"))).length === 0);
    await failed;
  });

  test('while a file is read fails the call and nothing else', async () => {
    const { url, query } = await database();
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    // Reading a pipe blocks until something is written.
    const pipe = join(folder, '0001_slow.sql');
    await promisify(execFile)('mkfifo', [pipe]);
    const slow = { name: 'slow', folder: pathToFileURL(`${folder}/`) };
    const failed = expect(migrate(url, 'notes', [slow])).rejects.toThrow(/connection/i);
    while ((await query(kill("state = 'idle' and query like 'select name, serves_from%'"))).length === 0);
    await writeFile(pipe, 'create table slow (id int)');
    await failed;
  });
});
