import { testDatabase } from '@lienthong/testkit';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type DueWorkerOptions, dueWorker, migrate, openDatabase } from '../src/index.ts';
import { retryPauseMs } from '../src/work/due-worker.ts';
import { memoryLog } from './support/log.ts';

const NEVER_MS = 3_600_000;

function started(options: Omit<DueWorkerOptions, 'name' | 'log'>) {
  const { log, lines } = memoryLog();
  const worker = dueWorker({ name: 'timers', log, ...options });
  onTestFinished(() => worker.stop());
  return { worker, lines };
}

test('it runs at the start, when the next item is due and when woken, and not otherwise', async () => {
  let runs = 0;
  const { worker } = started({
    everyMs: NEVER_MS,
    async *work({ requested, nextRunIn }) {
      expect(requested).toBe(false);
      runs += 1;
      if (runs < 3) nextRunIn(-5);
      yield 1;
    },
  });
  await worker.start();
  await vi.waitFor(() => expect(runs).toBe(3), 20_000);
  worker.wake();
  await vi.waitFor(() => expect(runs).toBe(4), 20_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runs).toBe(4);
});

test('a wake during a run starts another run', async () => {
  let runs = 0;
  const release = Promise.withResolvers<void>();
  const { worker } = started({
    everyMs: NEVER_MS,
    async *work() {
      runs += 1;
      if (runs === 1) await release.promise;
      yield 1;
    },
  });
  await worker.start();
  worker.wake();
  release.resolve();
  await vi.waitFor(() => expect(runs).toBe(2), 20_000);
});

test('callers during a run share the next one, one run goes at a time, and each gets its count', async () => {
  let atOnce = 0;
  let runs = 0;
  const release = Promise.withResolvers<void>();
  const { worker } = started({
    everyMs: NEVER_MS,
    async *work({ requested }) {
      expect(requested).toBe(true);
      atOnce += 1;
      expect(atOnce).toBe(1);
      runs += 1;
      if (runs === 1) await release.promise;
      yield runs;
      yield 10;
      atOnce -= 1;
    },
  });
  const first = worker.runDue();
  await vi.waitFor(() => expect(runs).toBe(1), 20_000);
  const later = [worker.runDue(), worker.runDue()];
  release.resolve();
  expect(await first).toBe(11);
  expect(await Promise.all(later)).toEqual([12, 12]);
  expect(runs).toBe(2);
});

test('an awaited run rejects with its error; the next one is not hindered', async () => {
  let runs = 0;
  const { worker } = started({
    everyMs: NEVER_MS,
    async *work() {
      runs += 1;
      if (runs === 1) throw new Error('the database is away');
      yield 7;
    },
  });
  await expect(worker.runDue()).rejects.toThrow('the database is away');
  expect(await worker.runDue()).toBe(7);
});

test('failures are logged; the pauses between them double, and no wake shortens them', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  let runs = 0;
  const { worker, lines } = started({
    everyMs: 1,
    async *work() {
      runs += 1;
      if (runs < 4) throw new Error('the database is away');
      yield 1;
    },
  });
  await worker.start();
  await vi.waitFor(() => expect(runs).toBe(1), 20_000);
  for (let n = 0; n < 10; n += 1) {
    worker.wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(runs).toBe(1);
  await vi.waitFor(() => expect(runs).toBeGreaterThan(5), 20_000);
  const failure = { worker: 'timers', msg: 'worker failed; will run again' };
  expect(lines).toMatchObject(
    [100, 200, 400].map((retryInMs, i) => ({ ...failure, failures: i + 1, retryInMs })),
  );
});

test('the pause after a failure has a bound and a random part', () => {
  fc.assert(
    fc.property(fc.nat(10_000), (failures) => {
      const longest = Math.min(30_000, 100 * 2 ** failures);
      const pause = retryPauseMs(failures);
      expect(pause).toBeGreaterThanOrEqual(longest / 2);
      expect(pause).toBeLessThanOrEqual(longest);
    }),
  );
});

test('a stop ends the run after its batch, and rejects those who wait for the run', async () => {
  let batches = 0;
  let cleaned = false;
  const release = Promise.withResolvers<void>();
  const { worker } = started({
    everyMs: NEVER_MS,
    async *work() {
      try {
        while (true) {
          batches += 1;
          await release.promise;
          yield 1;
        }
      } finally {
        cleaned = true;
      }
    },
  });
  await worker.start();
  await vi.waitFor(() => expect(batches).toBe(1), 20_000);
  const due = expect(worker.runDue()).rejects.toThrow('timers stopped before everything due was done');
  const stopped = worker.stop();
  release.resolve();
  await stopped;
  await due;
  expect(batches).toBeLessThanOrEqual(2);
  expect(cleaned).toBe(true);
});

test('a stop cuts the pause short', async () => {
  const { worker } = started({
    everyMs: NEVER_MS,
    async *work() {
      yield 1;
    },
  });
  await worker.start();
  await worker.runDue();
  await worker.stop();
});

test('three workers do everything once while the server ends their sessions', async () => {
  const made = await testDatabase({
    template: {
      name: 'kit notes',
      migrate: async (url: string) =>
        void (await migrate(url, 'notes', [
          { name: 'first', folder: new URL('migrations/first/', import.meta.url) },
        ])),
    },
  });
  const open = () =>
    openDatabase({ url: made.databaseUrl, schema: 'notes', connections: 2, onError: () => {} });
  const [db, ...databases] = [open(), open(), open(), open()];
  onTestFinished(async () => {
    for (const one of [db, ...databases]) await one.close();
    await made.drop();
  });
  const workers = databases.map((one) => {
    const { worker } = started({
      everyMs: 5,
      async *work() {
        for (let n = 1; n > 0; ) {
          n = await one.transaction(async (tx) => {
            const rows = await tx.query({
              text: `update note set body = body || '.' where id in
                       (select id from note where body not like '%.' order by id limit 10 for update skip locked)
                     returning id`,
            });
            return rows.length;
          });
          yield n;
        }
      },
    });
    return worker;
  });
  for (const one of workers) await one.start();
  let count = 0;
  let ended = 0;
  // However fast they are, there is work while sessions end.
  while (ended < 8) {
    await db.query({
      text: 'insert into note (id, body) select n, n::text from generate_series($1::int + 1, $1::int + 300) n',
      values: [count],
    });
    count += 300;
    const rows = await db.query({
      text: `select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid() order by random() limit 1`,
    });
    ended += rows.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const left = async () =>
    (
      await db.query<{ n: number }>({ text: "select count(*)::int as n from note where body not like '%.'" })
    )[0]?.n;
  await vi.waitFor(async () => expect(await left()).toBe(0), 20_000);
  await vi.waitFor(async () => expect(await workers[0]?.runDue()).toBe(0), 20_000);
  expect(
    await db.query({ text: "select count(*)::int as n from note where body = id::text || '.'" }),
  ).toEqual([{ n: count }]);
});
