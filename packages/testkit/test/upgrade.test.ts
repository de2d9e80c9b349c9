import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { migrationsSince, undeclared } from '../src/index.ts';

const BEFORE = `
  create function key_of(n int) returns text language sql as 'select n::text';
  create function refuse() returns trigger language plpgsql as 'begin return null; end';
  create table parent (id int primary key, key text);
  create table other (id int primary key, key text);
  create table note (id int primary key, body text not null default '', size int, unique (body));
  create index note_size on note (size);
  create trigger note_kept before delete on note for each row execute function refuse();`;

async function effectOf(sql: string) {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, '0001_before.sql'), BEFORE);
  writeFileSync(join(folder, '0002_after.sql'), sql);
  const sets = [{ name: 'notes', folder: pathToFileURL(`${folder}/`) }];
  const schema = `s${randomBytes(4).toString('hex')}`;
  const effects = await migrationsSince(schema, sets, { notes: '0001_before' });
  expect(effects).toHaveLength(1);
  const [{ breaks, ...rest }] = effects as [(typeof effects)[0]];
  return { ...rest, breaks: breaks.map((what) => what.replaceAll(`${schema}.`, '')) };
}

test.for<[string, string[]]>([
  ['create table fresh (id int primary key, name text not null); create index on fresh (name)', []],
  ['alter table note add column extra text, add column n int not null default 0', []],
  ['create function other() returns int language sql as $$select 1$$', []],
  [
    'alter table note add column key text',
    ['adds the column note.key: queries that join other, parent can name it without its table'],
  ],
  ['alter table note rename constraint note_body_key to note_body_unique', []],
  ['drop table note', ['drops note']],
  ['alter table note rename to memo', ['drops note']],
  [
    'alter table note drop column size',
    ['drops the column note.size', 'drops the index of note by btree (size)'],
  ],
  [
    'alter table note alter column size type bigint',
    [
      'writes every row of note again, under a lock that lets nobody read it',
      'makes note.size bigint, which was integer',
    ],
  ],
  [
    'alter table note add column must int not null',
    ['adds the column note.must, which inserts must give a value'],
  ],
  ['alter table note alter column size set not null', ['forbids null in note.size']],
  ['alter table note alter column body drop default', ['takes the default from note.body']],
  [
    'alter table note drop column size, add column size int generated always as (id) stored',
    [
      'writes every row of note again, under a lock that lets nobody read it',
      'computes note.size, which inserts gave a value',
      'drops the index of note by btree (size)',
    ],
  ],
  ['alter table note add check (size > 0)', ['demands of note: CHECK ((size > 0))']],
  [
    'alter table note add foreign key (id) references parent',
    ['demands of note: FOREIGN KEY (id) REFERENCES parent(id)'],
  ],
  ['alter table note drop constraint note_body_key', ['drops from note: UNIQUE (body)']],
  [
    'create unique index on note (size)',
    [
      'demands of note: unique by btree (size)',
      'lets nobody write note while it builds the index by btree (size)',
    ],
  ],
  ['drop index note_size', ['drops the index of note by btree (size)']],
  [
    'create trigger other before insert on note for each row execute function refuse()',
    ['adds the trigger note.other, which can refuse rows'],
  ],
  ['drop trigger note_kept on note', ['drops or changes the trigger note.note_kept']],
  ['drop function key_of(int)', ['drops the function key_of(n integer)']],
  [
    `create or replace function key_of(n int) returns text language sql as 'select ''k'' || n'`,
    ['changes the function key_of(n integer)'],
  ],
  ['alter table note enable row level security', ['hides rows of note by row security']],
])('%s', async ([sql, breaks]) => {
  expect((await effectOf(sql)).breaks.sort()).toEqual(breaks.toSorted());
});

test('a migration that can break the version before declares why it does not, or what it ends', async () => {
  const sql = 'drop index note_size';
  expect(undeclared(await effectOf(sql), '0.2.0', '')).toEqual([
    'notes/0002_after drops the index of note by btree (size): version 0.2.0, which runs meanwhile, can fail. Only add; or ' +
      `say in the file's first line "-- expand: <why it goes on>" or "-- contract <lowest version that goes on>: <why>"`,
  ]);
  expect(undeclared(await effectOf(`-- expand: nothing reads by it\n${sql}`), '0.2.0', '')).toEqual([]);
  expect(undeclared(await effectOf(`-- contract 0.2.0: 0.1 read by it\n${sql}`), '0.2.0', '')).toEqual([]);
  const ends = await effectOf(`-- contract 0.3.0: 0.2 reads by it\n${sql}`);
  expect(ends.declared).toEqual({ kind: 'contract', servesFrom: '0.3.0', reason: '0.2 reads by it' });
  expect(undeclared(ends, '0.2.0', '')).toEqual([
    'notes/0002_after ends version 0.2.0, which runs meanwhile: wait for the release after 0.3.0, or list it in ' +
      'docs/upgrade.md as one that needs a stop',
  ]);
  expect(undeclared(ends, '0.2.0', '| notes/0002_after | why |')).toEqual([]);
});
