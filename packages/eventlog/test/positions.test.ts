import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate, openDatabase } from '@lienthong/kit';
import { type TestStack, testStack } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventLogMigrations, type NewEvent, type ReceivedEventOf } from '../src/index.ts';
import { readLog as readLogFrom } from '../src/relay/read-log.ts';
import { expectWhole, readLog, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { alice, growEvent, template } from './tally.ts';

let stack: TestStack;
let one: Fixture;

beforeEach(async () => {
  stack = await testStack({ template });
  one = await tallyProcess(stack);
});
afterEach(async () => {
  await one.stop();
  await stack.close();
});

const backlog = (n: number) =>
  one.db.transaction(async (tx) => {
    one.log.append(
      tx,
      Array.from({ length: n }, () => growEvent(crypto.randomUUID(), 1)),
      alice,
    );
  });

test('positions are in the order of commits: a writer waits for the one before it', async () => {
  const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
  let waited: Promise<number> | undefined;
  await one.db.transaction(async (tx) => {
    one.log.append(tx, [growEvent(first, 1)], alice);
    await tx.query({ text: 'select 1' });
    waited = one.grow({ tally: second });
    await vi.waitFor(async () => expect(await waiting()).toBe(1));
    expect(await readLog(one)).toEqual([]);
  });
  await waited;
  expect(await readLog(one)).toMatchObject([
    { tally: first, position: 1 },
    { tally: second, position: 2 },
  ]);
});

/** The number of sessions that wait for a lock. */
const waiting = async () =>
  (
    await one.db.query<{ n: number }>({
      text: `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    })
  )[0]?.n;

test('a rollback leaves no gap', async () => {
  const gone = one.db.transaction(async (tx) => {
    one.log.append(tx, [growEvent(crypto.randomUUID(), 1), growEvent(crypto.randomUUID(), 1)], alice);
    await tx.query({ text: 'select 1' });
    throw new Error('changed its mind');
  });
  await expect(gone).rejects.toThrow('changed its mind');
  await one.grow({ tally: crypto.randomUUID() });
  expect((await readLog(one)).map((e) => e.position)).toEqual([1]);
});

test('a backlog of 20,000 from before the relay began is published', async () => {
  await backlog(20_000);
  await one.start('relay');
  await waitUntilCaughtUp(one, [], 60_000);
  expect(await expectWhole(one, stack)).toHaveLength(20_000);
});

test('one read of the log is bounded in count and bytes', async () => {
  await backlog(20);
  const leader = await one.db.connect();
  const positions = async (from: number, limit: number, bytes: number) =>
    (await readLogFrom(leader, from, limit, bytes)).map((e) => e.position);
  const size = (await readLogFrom(leader, 1, 1, 1_000_000))[0]?.payload.length as number;
  expect(await positions(5, 3, 1_000_000)).toEqual([5, 6, 7]);
  expect(await positions(5, 100, 2 * size)).toEqual([5, 6]);
  // One that is too large by itself still goes.
  expect(await positions(5, 100, 1)).toEqual([5]);
  await leader.end();
});

test('the migration keeps the positions of an older log and gives the missing ones', async () => {
  const { databaseUrl } = stack;
  const older = await mkdtemp(join(tmpdir(), 'eventlog-'));
  const beginning = new URL('0001_event_log.sql', eventLogMigrations.folder);
  await copyFile(beginning, join(older, '0001_event_log.sql'));
  await migrate(databaseUrl, 'older', [{ name: 'eventlog', folder: pathToFileURL(`${older}/`) }]);
  await rm(older, { recursive: true });
  const db = openDatabase({ url: databaseUrl, schema: 'older', connections: 1, onError: () => {} });
  // The third was written before the second; the last two wait for their positions.
  for (const [n, position] of [1, 3, 2, null, null].entries()) {
    await db.query({
      text: `insert into event (position, event_id, type, aggregate_id, version, subject, agency_id, document_id,
                                dossier_code, actor_agency_id, actor_officer_id, occurred_at, traceparent, payload)
             values ($1, gen_random_uuid(), 't', $2, $3, 's', '', '', '', '', '', now(), '', '')`,
      values: [position, alice.agencyId, n + 1],
    });
  }
  await migrate(databaseUrl, 'older', [eventLogMigrations]);
  const rows = await db.query({ text: 'select version, position from event order by version' });
  expect(rows).toEqual([1, 3, 2, 4, 5].map((position, n) => ({ version: n + 1, position })));
  expect(await db.query({ text: 'select position from event_head' })).toEqual([{ position: 5 }]);
  await db.close();
});

test('many large payloads of one transaction arrive as they were written', async () => {
  const tallies = Array.from({ length: 300 }, () => crypto.randomUUID());
  const content = (tally: string) => tally.repeat(200);
  await one.db.transaction(async (tx) => {
    const events = tallies.map((tally) => ({
      ...growEvent(tally, 1),
      payload: { officer: undefined, effectiveOn: content(tally) },
    }));
    one.log.append(tx, events as NewEvent[], alice);
  });
  const arrived = new Map<string, string>();
  one.log.consumer({
    name: 'content',
    source: 'directory',
    types: ['lienthong.directory.v1.OfficerRelieved'],
    handle(_, events: readonly ReceivedEventOf<'lienthong.directory.v1.OfficerRelieved'>[]) {
      for (const { envelope, payload } of events) arrived.set(envelope.aggregateId, payload.effectiveOn);
    },
  });
  await one.start();
  await vi.waitFor(() => expect(arrived.size).toBe(300), 20_000);
  for (const tally of tallies) expect(arrived.get(tally)).toBe(content(tally));
});
