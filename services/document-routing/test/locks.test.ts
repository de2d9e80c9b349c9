import { randomUUID } from 'node:crypto';
import { DeliveryStatus } from '@lienthong/contracts/routing';
import { type Database, migrate, openDatabase } from '@lienthong/kit';
import { type AgencyCache, createAgencyCache, saveAgencies } from '@lienthong/reference-data';
import { agency, ended } from '@lienthong/reference-data/testing';
import { type TestDatabase, testDatabase } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliveryChange } from '../src/domain/change.ts';
import { type Command, decide } from '../src/domain/command.ts';
import { decideIssue } from '../src/domain/issue.ts';
import type { IssueCommand } from '../src/domain/issue-command.ts';
import { reroute } from '../src/domain/reroute.ts';
import { documentRouting } from '../src/service.ts';
import { lockDueReroutes } from '../src/store/due-reroutes.ts';
import { loadState } from '../src/store/load.ts';
import { project } from '../src/store/project.ts';
import { issuerOf, toRecord, toSummary } from '../src/store/rows.ts';
import { draft, issue, NOW, to } from './support/routing-state.ts';

// Two processes at once, each with its own memory and its own connections.
const province = agency({ code: 'H61', name: 'Tỉnh' });
const commune = agency({ code: 'H61.1', name: 'Xã Cũ' });
const heir = agency({ code: 'H61.2', name: 'Xã Mới' });

let database: TestDatabase;
let here: Database;
let there: Database;

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.databaseUrl, 'document_routing', documentRouting.migrations);
  const open = () =>
    openDatabase({
      url: database.databaseUrl,
      schema: 'document_routing',
      connections: 2,
      onError: (error) => console.error(error),
    });
  here = open();
  there = open();
  await here.transaction(async (tx) => saveAgencies(tx, [province, commune, heir]));
});
afterAll(async () => {
  await here.close();
  await there.close();
  await database.drop();
});

/** Issues a document in a transaction that stays open until `release` resolves. */
function issueIn(db: Database, cache: AgencyCache, command: IssueCommand, release: Promise<void>) {
  const loaded = Promise.withResolvers<void>();
  const number = db.transaction(async (tx) => {
    const state = await loadState(tx, cache, [command]);
    loaded.resolve();
    const decided = decideIssue(command, state);
    if (!decided.ok) throw new Error(decided.refusal.message);
    await release;
    project(tx, [decided.value.change]);
    return decided.value.reply.document?.number;
  });
  return { loaded: loaded.promise, number };
}

/** Sessions that wait for another's lock. */
async function waiting(): Promise<number> {
  const [row] = await here.query<{ n: number }>({
    text: `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  });
  return row?.n ?? 0;
}

test('a number is drawn under the lock of its series, by one process after the other', async () => {
  const release = Promise.withResolvers<void>();
  const command = () => issue(province.id, draft([to(commune.id)]));
  // The row of the series is there, so that only its lock can make the second wait.
  await issueIn(here, createAgencyCache(), command(), Promise.resolve()).number;
  const first = issueIn(here, createAgencyCache(), command(), release.promise);
  await first.loaded;
  const second = issueIn(there, createAgencyCache(), command(), Promise.resolve());
  await expect.poll(waiting).toBe(1);
  release.resolve();
  expect([await first.number, await second.number]).toEqual(['02', '03']);
});

test('what a command stands on is as new as its transaction, whatever the process knew before', async () => {
  const cache = createAgencyCache();
  const late = agency({ code: 'H61.9', name: 'Xã Sau' });
  const command: Command = issue(province.id, draft([to(late.id)], { notation: 'SAU' }));
  await here.transaction((tx) => loadState(tx, cache, [command]));
  await there.transaction(async (tx) => saveAgencies(tx, [late]));
  const state = await here.transaction((tx) => loadState(tx, cache, [command]));
  expect(decideIssue(command, state).ok).toBe(true);
});

test('who stands for whom is read again when it has just changed', async () => {
  const [old, successor] = [agency({ code: 'H61.7', name: 'Cũ' }), agency({ code: 'H61.8', name: 'Mới' })];
  await there.transaction(async (tx) => saveAgencies(tx, [old, successor]));
  const cache = createAgencyCache();
  await cache.refresh(here);
  const directive = issue(province.id, draft([to(old.id)], { notation: 'CT' }));
  await issueIn(here, cache, directive, Promise.resolve()).number;
  await there.transaction(async (tx) => saveAgencies(tx, [ended(old, '2026-01-10', successor.id)]));
  const answer = issue(successor.id, draft([to(province.id)], { respondsToId: directive.documentId }));
  const state = await here.transaction((tx) => loadState(tx, cache, [answer]));
  expect(decideIssue(answer, state).ok).toBe(true);
});

test('an older version of an agency never takes the place of a newer one', async () => {
  const agencies = createAgencyCache();
  const one = agency({ code: 'H61.5', name: 'Mới', version: 2 });
  await here.transaction(async (tx) => saveAgencies(tx, [one]));
  await there.transaction(async (tx) =>
    saveAgencies(tx, [agency({ id: one.id, code: 'H61.4', name: 'Cũ' })]),
  );
  await agencies.refresh(here);
  expect(agencies.get(one.id)?.names[0]?.name).toBe('Mới');
});

test('of two processes that find the same delivery due, one moves it', async () => {
  const cache = createAgencyCache();
  await issueIn(
    here,
    cache,
    issue(province.id, draft([to(commune.id)], { notation: randomUUID().slice(0, 8) })),
    Promise.resolve(),
  ).number;
  await here.transaction(async (tx) => saveAgencies(tx, [ended(commune, '2026-01-10', heir.id)]));
  await cache.refresh(here);
  const release = Promise.withResolvers<void>();
  const move = (db: Database, locked: () => void, until: Promise<void>) =>
    db.transaction(async (tx) => {
      const rows = await lockDueReroutes(tx, [commune.id], 1000);
      locked();
      await until;
      const events = rows.flatMap(
        (row) => reroute(toRecord(row, issuerOf(row)), toSummary(row), cache, '2026-01-15', NOW) ?? [],
      );
      if (events.length > 0) project(tx, [deliveryChange(events, { agencyId: '', officerId: '' })]);
      return events.length;
    });
  const locked = Promise.withResolvers<void>();
  const first = move(here, () => locked.resolve(), release.promise);
  await locked.promise;
  const second = move(there, () => {}, Promise.resolve());
  await expect.poll(waiting).toBe(1);
  release.resolve();
  expect(await first).toBeGreaterThan(0);
  expect(await second).toBe(0);
});

test('a delivery that is finished while its agency ends is not moved', async () => {
  const [old, successor] = [agency({ code: 'H61.X', name: 'Cũ' }), agency({ code: 'H61.Y', name: 'Mới' })];
  await here.transaction(async (tx) => saveAgencies(tx, [old, successor]));
  const cache = createAgencyCache();
  const sent = issue(province.id, draft([to(old.id)], { notation: 'XONG' }));
  await issueIn(here, cache, sent, Promise.resolve()).number;
  const [deliveryId = ''] = sent.deliveryIds;
  const said = (status: DeliveryStatus): Command => ({
    kind: 'report',
    callerId: old.id,
    officerId: 'văn thư',
    now: NOW,
    today: '2026-01-15',
    deliveryId,
    status,
    reason: 'x',
    assignee: '',
    happenedAt: undefined,
    late: false,
    signatureChecks: undefined,
  });
  const say = (status: DeliveryStatus, until: Promise<void>, locked = () => {}) =>
    here.transaction(async (tx) => {
      const state = await loadState(tx, cache, [said(status)]);
      locked();
      await until;
      const decided = decide(said(status), state);
      if (!decided.ok) throw new Error(decided.refusal.message);
      project(tx, [decided.value.change]);
    });
  await say(DeliveryStatus.ARRIVED, Promise.resolve());
  const release = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const refusal = say(DeliveryStatus.REFUSED, release.promise, () => locked.resolve());
  await locked.promise;
  const due = there.transaction((tx) => lockDueReroutes(tx, [old.id], 1000));
  await expect.poll(waiting).toBe(1);
  release.resolve();
  await refusal;
  expect(await due).toEqual([]);
});
