import type { Read as ReadMessage } from '@lienthong/contracts/common';
import { ReadsRecorded } from '@lienthong/contracts/routing';
import { createLog, type Read } from '@lienthong/kit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createReadLog, type ReadLogOptions } from '../src/reads/read-log.ts';

const caller = { agencyId: 'agency', officerId: 'officer', roles: [] };
const read = (
  n: number,
  items: Read['items'] = [{ ownerId: 'owner', documentId: `document ${n}` }],
): Read => ({
  caller,
  method: 'service/Get',
  at: new Date(),
  denied: '',
  items,
});

/** A log whose writes go into `events`, once they are let through. */
async function open(options: Partial<ReadLogOptions> = {}) {
  const events: { id: string; reads: ReadMessage[] }[] = [];
  let ids = 0;
  const log = createReadLog({
    log: createLog('read-log-test', 'silent'),
    newId() {
      ids += 1;
      return `id ${ids}`;
    },
    write: async (id, reads) => void events.push({ id, reads }),
    ...options,
  });
  await log.start();
  onTestFinished(() => log.stop());
  return { log, events };
}

/** A database that is away until it is let back. */
function away() {
  const written: ReadMessage[] = [];
  let attempts: string[] = [];
  let isBack = false;
  return {
    written,
    attempts: () => attempts,
    back: () => {
      isBack = true;
    },
    async write(id: string, reads: ReadMessage[]) {
      attempts = [...attempts, id];
      if (!isBack) throw new Error('the database is away');
      written.push(...reads);
    },
  };
}

test('an event stays within what the log takes, however much each call reads and from however many owners', async () => {
  const { log, events } = await open();
  const someone = { ...caller, agencyId: crypto.randomUUID(), officerId: 'x'.repeat(200) };
  const method = `lienthong.routing.v1.DocumentRoutingService/${'ListDocuments'.padEnd(30, 's')}`;
  const page = () =>
    Array.from({ length: 200 }, () => ({ ownerId: crypto.randomUUID(), documentId: crypto.randomUUID() }));
  for (let n = 0; n < 100; n += 1) log.record({ ...read(n, page()), caller: someone, method }, 'buffered');
  await vi.waitFor(() => expect(events.flatMap(({ reads }) => reads)).toHaveLength(20_000));
  const sizes = events.map(({ reads }) => ReadsRecorded.encode({ reads }).finish().length);
  expect(Math.max(...sizes)).toBeLessThan(1_000_000);
});

test('calls wait for nothing, and their reads become few events', async () => {
  const { log, events } = await open();
  for (let n = 0; n < 600; n += 1) expect(log.record(read(n), 'buffered')).toBeUndefined();
  await vi.waitFor(() => expect(events.flatMap(({ reads }) => reads)).toHaveLength(600));
  expect(events.map(({ reads }) => reads.length)).toEqual([256, 256, 88]);
  expect(new Set(events.flatMap(({ reads }) => reads.flatMap((one) => one.documentIds))).size).toBe(600);
});

test('a durable read resolves once it is written', async () => {
  const { log, events } = await open();
  await log.record(read(1), 'durable');
  expect(events).toHaveLength(1);
});

test('a call that reads things of several agencies is a read of each, and one of nothing is a read too', async () => {
  const { log, events } = await open();
  const items = [
    { ownerId: 'a', documentId: '1' },
    { ownerId: 'b', dossierCode: '2', sha256: '3' },
    { ownerId: 'a', documentId: '4' },
    { ownerId: 'a', documentId: '1' },
    { ownerId: '', search: 'phone' as const },
  ];
  log.record(read(1, items), 'buffered');
  await log.record(read(2, []), 'durable');
  expect(events.flatMap(({ reads }) => reads)).toMatchObject([
    { ownerId: 'a', documentIds: ['1', '4'], dossierCodes: [], actor: { agencyId: 'agency' } },
    { ownerId: 'b', dossierCodes: ['2'], fileDigests: ['3'] },
    { ownerId: '', searches: ['phone'] },
    { ownerId: '', documentIds: [], dossierCodes: [], fileDigests: [], searches: [] },
  ]);
});

test('while the database is away reads wait; when it is back all are written, in order and once', async () => {
  const database = away();
  const { log } = await open({ write: database.write });
  for (let n = 0; n < 300; n += 1) log.record(read(n), 'buffered');
  await vi.waitFor(() => expect(database.attempts().length).toBeGreaterThan(1));
  database.back();
  await vi.waitFor(() => expect(database.written).toHaveLength(300), 5_000);
  expect(database.written.map(({ documentIds }) => documentIds[0])).toEqual(
    Array.from({ length: 300 }, (_, n) => `document ${n}`),
  );
});

test('an attempt that was committed though its reply was lost is not repeated', async () => {
  const attempts: string[] = [];
  const { log } = await open({
    async write(id) {
      attempts.push(id);
      if (attempts.length === 1) throw new Error('connection terminated');
      throw Object.assign(new Error('duplicate key'), { code: '23505' });
    },
  });
  await log.record(read(1), 'durable');
  expect(attempts).toEqual(['id 1', 'id 1']);
});

test('a call waits for room, and is refused when there is none in time', async () => {
  const database = away();
  const { log } = await open({ write: database.write, capacity: 2, patienceMs: 100 });
  log.record(read(1), 'buffered');
  await vi.waitFor(() => expect(database.attempts().length).toBeGreaterThan(0));
  // The first is being written; these two take the room.
  expect(log.record(read(2), 'buffered')).toBeUndefined();
  expect(log.record(read(3), 'buffered')).toBeUndefined();
  await expect(log.record(read(4), 'buffered')).rejects.toMatchObject({
    refusal: { reason: 'READS_NOT_RECORDED' },
  });
  await expect(log.record(read(5), 'durable')).rejects.toMatchObject({
    refusal: { reason: 'READS_NOT_RECORDED' },
  });
  database.back();
  await vi.waitFor(() => expect(database.written).toHaveLength(3), 5_000);
  await log.record(read(6), 'durable');
  expect(database.written).toHaveLength(4);
});

test('a stop writes what waits', async () => {
  const { log, events } = await open();
  for (let n = 0; n < 300; n += 1) log.record(read(n), 'buffered');
  await log.stop();
  expect(events.flatMap(({ reads }) => reads)).toHaveLength(300);
});

test('a stop gives up when the database does not come back', async () => {
  const database = away();
  const { log } = await open({ write: database.write });
  log.record(read(1), 'buffered');
  await log.stop();
  expect(database.written).toEqual([]);
});
