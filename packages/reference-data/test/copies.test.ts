import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { type Database, defineService, uuidv7 } from '@lienthong/kit';
import { openTestDatabase, type TestWorld, testWorld } from '@lienthong/testkit';
import { addDays } from '@lienthong/working-time';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  agenciesConsumer,
  calendarYearsConsumer,
  callerDirectory,
  createAgencyCache,
  createOfficerCache,
  createReferenceCache,
  headOf,
  officersConsumer,
  referenceDataMigrations,
  saveAgencies,
  saveOfficers,
} from '../src/index.ts';
import {
  agency,
  announced,
  appointed,
  decided,
  decidedYear,
  ended,
  officer,
  relieved,
} from '../src/testing.ts';

const service = defineService({
  name: 'reference-test',
  migrations: [eventLogMigrations, referenceDataMigrations],
  compose(ctx) {
    const events = createEventLog({ ctx });
    events.consumer(agenciesConsumer);
    events.consumer(officersConsumer);
    events.consumer(calendarYearsConsumer);
    return { directory: callerDirectory(ctx.db, createReferenceCache()), rpc: [], workers: events.workers() };
  },
});

let world: TestWorld;
// Two processes at once, each with its own connections.
let here: Database;
let there: Database;

beforeAll(async () => {
  world = await testWorld(service, { sources: ['directory'] });
  here = world.db;
  there = openTestDatabase(world.stack.databaseUrl, 'reference_test');
});
afterAll(async () => {
  await there.close();
  await world.stop();
});

const commune = (name: string, version: number, id?: string) => agency({ id, code: 'H61.1', name, version });

test('the directory’s events bring the copies up to date', async () => {
  const old = agency({ code: 'H61.2', name: 'Xã Cũ' });
  const successor = agency({ code: 'H61.2', name: 'Xã Mới', establishedOn: '2025-07-01' });
  const an = officer({ agencyId: old.id, fullName: 'Nguyễn Văn An', head: true });
  const binh = officer({
    agencyId: old.id,
    fullName: 'Trần Thị Bình',
    head: true,
    validFrom: '2025-03-01',
  });
  await world.publish(announced(old), appointed(an), relieved(an, '2025-03-01'), appointed(binh));
  await world.publish(announced(successor), announced(ended(old, '2025-07-01', successor.id)));
  const cache = createReferenceCache();
  await vi.waitFor(async () => {
    await cache.refresh(here);
    expect(cache.agencies.get(old.id)?.endedOn).toBe('2025-07-01');
    expect(headOf(cache, old.id, '2025-03-01')?.id).toBe(binh.id);
  }, 20_000);
  expect(headOf(cache, old.id, '2025-02-28')?.id).toBe(an.id);
  expect(headOf(cache, old.id, '2025-07-01')).toBeUndefined();
  expect(await cache.refresh(here)).toBe(false);
});

test('the newest version wins, in one batch and across batches', async () => {
  const cache = createAgencyCache();
  const { id } = commune('', 1);
  const three = [commune('hai', 2, id), commune('ba', 3, id), commune('một', 1, id)];
  await here.transaction(async (tx) => saveAgencies(tx, three));
  await there.transaction(async (tx) => saveAgencies(tx, [commune('hai', 2, id)]));
  await cache.refresh(here);
  expect(cache.get(id)?.names[0]?.name).toBe('ba');

  const officers = createOfficerCache();
  const one = officer({ agencyId: id, fullName: 'Lê Văn Cường' });
  await here.transaction(async (tx) =>
    saveOfficers(tx, [{ officer: { ...one, validTo: '2025-07-01' }, version: 2 }]),
  );
  await there.transaction(async (tx) => saveOfficers(tx, [{ officer: one, version: 1 }]));
  await officers.refresh(here);
  expect(officers.get(one.id)?.validTo).toBe('2025-07-01');
});

test('decided years and office hours arrive in the calendars, the newest of each', async () => {
  const one = commune('Xã', 1);
  const cache = createReferenceCache();
  const dayAfter = (agencyId: string) => {
    const end = addDays(cache.calendars.of(agencyId), Date.parse('2027-03-01T09:00:00+07:00'), 1);
    return new Date(end).toISOString();
  };
  expect(dayAfter(one.id)).toBe('2027-03-02T10:00:00.000Z');
  const before = cache.calendars.revision();
  const id = uuidv7();
  await world.publish(
    decided(id, decidedYear(2027, [])),
    decided(id, decidedYear(2027, ['2027-03-02'], 2)),
    announced(one),
    announced(
      agency({
        id: one.id,
        code: 'H61.1',
        name: 'Xã',
        version: 2,
        officeHours: [{ spans: [morning(3), morning(4)] }],
      }),
    ),
  );
  await vi.waitFor(async () => {
    await cache.refresh(here);
    expect(dayAfter('')).toBe('2027-03-03T10:00:00.000Z');
    expect(dayAfter(one.id)).toBe('2027-03-04T04:00:00.000Z');
  }, 20_000);
  expect(cache.calendars.revision()).toBeGreaterThan(before);
});

const morning = (day: number) => ({ day, opens: '07:00', closes: '11:00' });

test('a refresh reads only what is new, and returns whether there was something', async () => {
  const cache = createReferenceCache();
  await cache.refresh(here);
  const read: number[] = [];
  const counted = {
    async query<R>(sql: Parameters<Database['query']>[0]) {
      const rows = await here.query<R>(sql);
      read.push(rows.length);
      return rows;
    },
  };
  expect(await cache.refresh(counted)).toBe(false);
  const one = officer({ agencyId: commune('', 1).id, fullName: 'Phạm Thị Dung' });
  await there.transaction(async (tx) => saveOfficers(tx, [{ officer: one, version: 1 }]));
  expect(await cache.refresh(counted)).toBe(true);
  // One probe of each kind, and then one that finds the officer.
  expect(read.slice(0, 3)).toEqual([0, 0, 0]);
  expect(read.slice(3).sort()).toEqual([0, 0, 1]);
  expect(cache.officers.get(one.id)).toEqual(one);
});

/** Sessions that wait for another's lock. */
async function waiting(): Promise<number> {
  const [row] = await here.query<{ n: number }>({
    text: `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  });
  return row?.n ?? 0;
}

test('revisions become visible in their order: a later change waits for an earlier one to commit', async () => {
  const cache = createAgencyCache();
  const [slow, fast] = [commune('Chậm', 1), commune('Nhanh', 1)];
  const release = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const first = here.transaction(async (tx) => {
    saveAgencies(tx, [slow]);
    await tx.query({ text: 'select 1' });
    written.resolve();
    await release.promise;
  });
  await written.promise;
  const second = there.transaction(async (tx) => saveAgencies(tx, [fast]));
  await expect.poll(waiting).toBe(1);
  await cache.refresh(here);
  // Had the later one overtaken, this refresh would move past the revision of the earlier one and never see it.
  expect([cache.get(slow.id), cache.get(fast.id)]).toEqual([undefined, undefined]);
  release.resolve();
  await Promise.all([first, second]);
  await cache.refresh(here);
  expect([cache.get(slow.id)?.id, cache.get(fast.id)?.id]).toEqual([slow.id, fast.id]);
});
