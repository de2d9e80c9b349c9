import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate, openDatabase } from '@lienthong/kit';
import { agency } from '@lienthong/reference-data/testing';
import { refusalOf, testDatabase } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentRouting } from '../src/service.ts';
import { fieldRefused, openWorld, plan, send, type World } from './support/world.ts';

const province = agency({ code: 'H61', name: 'Tỉnh' });
const department = agency({ code: 'H61.1', name: 'Sở' });

describe('a number given by hand', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await world.announce(province, department);
  });
  afterAll(() => world.stop());

  const draw = async (notation: string, number = '') =>
    (await send(world.as(province), plan([department], { notation, number }))).document.number;

  test.each(['99999999999', '20260312', '7a'])('such as %s does not move the series', async (number) => {
    const notation = `QĐ-${number}`;
    expect(await draw(notation)).toBe('01');
    expect(await draw(notation, number)).toBe(number);
    expect(await draw(notation)).toBe('02');
  });

  test('is skipped when the series comes to it', async () => {
    expect(await draw('TB', '2')).toBe('2');
    expect(await draw('TB', '03')).toBe('03');
    expect(await draw('TB')).toBe('01');
    expect(await draw('TB')).toBe('04');
    expect(await draw('TB', '6')).toBe('6');
    const together = await Promise.all([draw('TB'), draw('TB')]);
    expect(together.sort()).toEqual(['05', '07']);
  });
});

describe('FindDocumentsByNumber', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await world.announce(province, department);
  });
  afterAll(() => world.stop());

  test('gives operators the ids of an agency’s documents with a number, and nothing of their content', async () => {
    const { document } = await send(world.as(province), plan([department], { notation: 'CV', number: '7' }));
    await send(world.as(province), plan([department], { notation: 'TB', number: '7' }));
    const locate = (issuerId: string, number: string, notation: string) =>
      world.admin.documentOperations.findDocumentsByNumber({ issuerId, number, notation });
    expect(await locate(province.id, '07', 'CV')).toEqual({
      documents: [{ documentId: document.id, issuedAt: expect.any(Date) }],
    });
    expect(await locate(province.id, '8', 'CV')).toEqual({ documents: [] });
    expect(await locate(department.id, '7', 'CV')).toEqual({ documents: [] });
    const { violations } = await refusalOf(locate('H61', '', 'CV'));
    expect(violations.map((one) => one.split(' ')[0])).toEqual(['issuer_id', 'number']);
  });

  test('is for operators alone', async () => {
    const { documentOperations } = world.as(province);
    const locate = documentOperations.findDocumentsByNumber({
      issuerId: province.id,
      number: '7',
      notation: 'CV',
    });
    expect(await refusalOf(locate)).toMatchObject({ reason: 'ROLE_MISSING' });
  });
});

describe('SetNumberSeries', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await world.announce(province, department);
  });
  afterAll(() => world.stop());

  const set = (notation: string, nextNumber: number, more: { requestId?: string; year?: number } = {}) => ({
    requestId: randomUUID(),
    year: 2026,
    notation,
    nextNumber: BigInt(nextNumber),
    reason: 'tiếp theo sổ giấy',
    ...more,
  });
  const draw = async (notation: string, number = '') =>
    (await send(world.as(province), plan([department], { notation, number }))).document.number;

  test('sets the next number, forward and back to one after the last drawn, each once', async () => {
    const { routing } = world.as(province);
    const forward = set('QĐ', 245);
    expect(await routing.setNumberSeries(forward)).toEqual({ previousNextNumber: 1n });
    expect(await routing.setNumberSeries(forward)).toEqual({ previousNextNumber: 1n });
    expect(await draw('QĐ')).toBe('245');
    // 2450 is a slip of the officer; nothing was drawn since.
    await routing.setNumberSeries(set('QĐ', 2450));
    expect(await routing.setNumberSeries(set('QĐ', 246))).toEqual({ previousNextNumber: 2450n });
    expect(await draw('QĐ', '247')).toBe('247');
    expect([await draw('QĐ'), await draw('QĐ')]).toEqual(['246', '248']);
    const events = await world.db.query<{ version: number; officer: string; subject: string }>({
      text: `select version, actor_officer_id as officer, subject from event
              where type = 'lienthong.routing.v1.NumberSeriesSet' order by position`,
    });
    expect(events.map(({ version }) => Number(version))).toEqual([1, 2, 3]);
    expect(events[0]).toMatchObject({
      officer: 'văn thư',
      subject: expect.stringContaining('routing.series.set.H61'),
    });
  });

  test('never back to numbers that were drawn', async () => {
    const { routing } = world.as(province);
    expect([await draw('KH'), await draw('KH')]).toEqual(['01', '02']);
    for (const next of [1, 2])
      expect(await refusalOf(routing.setNumberSeries(set('KH', next)))).toEqual(
        fieldRefused('next_number', 'NUMBER_ALREADY_DRAWN', 'FAILED_PRECONDITION'),
      );
    await routing.setNumberSeries(set('KH', 3));
    expect(await draw('KH')).toBe('03');
  });

  test("is for the agency's clerks and leaders, and their own series", async () => {
    for (const role of ['officer', 'system'] as const)
      expect(await refusalOf(world.as(province, role).routing.setNumberSeries(set('TB', 5)))).toMatchObject({
        code: 'PERMISSION_DENIED',
      });
    await world.as(department, 'leader').routing.setNumberSeries(set('TB', 5));
    expect(await draw('TB')).toBe('01');
  });

  test.each([
    ['nextNumber', 0, 'next_number'],
    ['nextNumber', 100_000_000_000, 'next_number'],
  ])('refuses %s %i', async (_, next, wrong) => {
    const refusal = await refusalOf(world.as(province).routing.setNumberSeries(set('GM', next)));
    expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(JSON.stringify(refusal)).toContain(wrong);
  });
});

/** The migrations of the first version, and the sets that follow it. */
async function firstVersion() {
  const folder = await mkdtemp(join(tmpdir(), 'routing-migrations-'));
  const name = '0001_document_routing.sql';
  await cp(new URL(`../migrations/${name}`, import.meta.url), join(folder, name));
  const sets = documentRouting.migrations.map((set) =>
    set.name === 'document-routing' ? { ...set, folder: pathToFileURL(`${folder}/`) } : set,
  );
  return { sets, remove: () => rm(folder, { recursive: true }) };
}

test('the migration repairs series that a number given by hand has moved away, and no others', async () => {
  const database = await testDatabase();
  const first = await firstVersion();
  await migrate(database.databaseUrl, 'document_routing', first.sets);
  await first.remove();
  const db = openDatabase({
    url: database.databaseUrl,
    schema: 'document_routing',
    connections: 1,
    onError: (error) => console.error(error),
  });
  const before: [notation: string, next: number, numbers: string[]][] = [
    ['MISTYPED', 100_000_000_000, ['01', '02', '99999999999']],
    ['DATED', 20_260_315, ['41', '42', '42a', '20260312', '20260313', '20260314']],
    ['ONLY-DATES', 20_260_313, ['20260312']],
    ['FROM-PAPER', 248, ['246', '247']],
    ['LARGE', 100_002, ['99999', '100000', '100001']],
  ];
  for (const [notation, next, numbers] of before) {
    await db.query({
      text: 'insert into number_series (issuer_id, year, notation, next) values ($1, 2026, $2, $3)',
      values: [province.id, notation, next],
    });
    await db.query({
      text: `insert into document (id, issuer_id, issuer_name, issuer_code, number, notation, year, number_key, type,
                                   subject, urgency, steering, business_kind, promulgated_on, attachment_count,
                                   issued_at, words, record)
             select n.id, $1, 'Tỉnh', 'H61', n.number, $2, 2026, ltrim(n.number, '0'), 'QĐ', '', 1, 1, 1, '2026-01-15', 0,
                    now(), '', ''
               from unnest($3::uuid[], $4::text[]) as n (id, number)`,
      values: [province.id, notation, numbers.map(() => randomUUID()), numbers],
    });
  }
  await migrate(database.databaseUrl, 'document_routing', documentRouting.migrations);
  const series = await db.query<{ notation: string; next: number }>({
    text: 'select notation, next from number_series',
  });
  expect(Object.fromEntries(series.map(({ notation, next }) => [notation, next]))).toEqual({
    MISTYPED: 3,
    DATED: 43,
    'ONLY-DATES': 1,
    'FROM-PAPER': 248,
    LARGE: 100_002,
  });
  // What lies ahead of a series is used: a draw skips it.
  const ahead = await db.query<{ n: number }>({
    text: 'select given_number as n from document where given_number is not null order by n',
  });
  expect(ahead.map(({ n }) => n)).toEqual([20_260_312, 20_260_312, 20_260_313, 20_260_314, 99_999_999_999]);
  await db.close();
  await database.drop();
});
