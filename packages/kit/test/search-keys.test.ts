import { readdir, readFile } from 'node:fs/promises';
import { testDatabase } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Database,
  openDatabase,
  SEARCH_KEY_RULE,
  searchKey,
  searchWords,
  wordQuery,
} from '../src/index.ts';

const services = new URL('../../../services/', import.meta.url);

/** The migration of a service that rebuilds its keys by the present rule. */
async function migrationOf(service: string): Promise<string> {
  const folder = new URL(`${service}/migrations/`, services);
  const file = (await readdir(folder)).find((name) => name.endsWith(`_search_keys_${SEARCH_KEY_RULE}.sql`));
  if (file === undefined)
    throw new Error(`${service} stores search keys and has no migration for rule ${SEARCH_KEY_RULE}`);
  return readFile(new URL(file, folder), 'utf8');
}

test('the rule has not changed without a new number', () => {
  const text = 'Xã R’Lấp Ƀhăm Đắk ŨŨ Ơ Ŏ ñ Č ǰ ɓ ɗ ŋ ß ﬁ ² Σς';
  expect([SEARCH_KEY_RULE, searchKey(text), searchWords(text)]).toEqual([
    2,
    'xa r lap bham dak uu o o n c j b d ng ss fi 2 σσ',
    'xa r lap bham dak uu o n c j b d ng ss fi 2 σσ rlap ncjbdng nc cj jb bd dng',
  ]);
});

describe('stored keys of rule 1', () => {
  let made: Awaited<ReturnType<typeof testDatabase>>;
  let db: Database;
  beforeAll(async () => {
    made = await testDatabase();
    db = openDatabase({ url: made.databaseUrl, schema: 'public', connections: 1, onError: () => {} });
    await db.query({ text: 'create extension if not exists pg_trgm' });
  });
  afterAll(async () => {
    await db.close();
    await made.drop();
  });

  /** As rule 1 made them. */
  const oldKey = (text: string) =>
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[đĐ]/g, 'd')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  const NAMES = ["Xã R'lấp", 'Y Ƀhăm Niê', "Xã Ea H'leo", 'Ủy ban nhân dân xã Phú Thịnh', 'Buôn Ŋa ﬁ'];

  const run = (sql: string) => db.transaction(async (tx) => void (await tx.query({ text: sql })));
  const statements = (sql: string) =>
    sql
      .replace(/^--.*$/gm, '')
      .split(';')
      .filter((one) => one.trim() !== '');

  test('of agencies and officers follow the current rule', async () => {
    await run('create table agency_name (id int, search_key text collate "C" not null)');
    await run('create table officer (id int, search_key text collate "C" not null)');
    for (const table of ['agency_name', 'officer'])
      await db.query({
        text: `insert into ${table} select n, key from unnest($1::text[]) with ordinality as k (key, n)`,
        values: [NAMES.map(oldKey)],
      });
    for (const sql of statements(await migrationOf('agency-directory'))) await run(sql);
    for (const table of ['agency_name', 'officer'])
      expect(await db.query({ text: `select search_key from ${table} order by id` })).toEqual(
        NAMES.map((name) => ({ search_key: searchKey(name) })),
      );
    expect(
      await db.query({
        text: `select joined_key from agency_name where joined_key <> search_key order by id`,
      }),
    ).toEqual([{ joined_key: 'xa rlap' }, { joined_key: 'xa ea hleo' }]);
  });

  test.each([
    ['casework', 'applicant'],
    ['document-routing', 'document'],
    ['procedure-registry', 'version'],
  ])('of %s are found like new ones', async (service, table) => {
    await run(
      `create table ${table} (id int, words tsvector, name_key text default '', field_key text default '')`,
    );
    await db.query({
      text: `insert into ${table} (id, words, name_key)
             select n, array_to_tsvector(string_to_array(key, ' ')), key
               from unnest($1::text[]) with ordinality as k (key, n)`,
      values: [NAMES.map(oldKey)],
    });
    for (const sql of statements(await migrationOf(service))) await run(sql);
    const found = async (text: string) =>
      (
        await db.query<{ id: number }>({
          text: `select id from ${table} where words @@ $1::tsquery order by id`,
          values: [wordQuery(text)],
        })
      ).map(({ id }) => id);
    for (const query of ['r lap', 'rlap', 'R’LẤP', 'xa rlap']) expect(await found(query)).toEqual([1]);
    for (const query of ['bham', 'y Ƀhăm', 'ƀHĂM'.normalize('NFD')]) expect(await found(query)).toEqual([2]);
    for (const query of ['ea hleo', 'ea h leo', "H'leo"]) expect(await found(query)).toEqual([3]);
    expect(await found('nga fi')).toEqual([5]);
    const stored = await db.query<{ words: string[] }>({
      text: `select tsvector_to_array(words) as words from ${table} order by id`,
    });
    NAMES.forEach((name, i) => {
      expect(stored[i]?.words).toEqual(expect.arrayContaining(searchWords(name).split(' ')));
    });
    await run(`drop table ${table}`);
  });
});
