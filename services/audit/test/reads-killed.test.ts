import { verifyExport } from '@lienthong/evidence';
import { childProcesses, type Line, openLine } from '@lienthong/testkit';
import { readVerifier } from '@lienthong/transparency-log';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exportEntries } from '../src/export.ts';
import { newestCheckpoint } from '../src/store/checkpoints.ts';
import { type AuditWorld, auditWorld, ORIGIN, readsEvent } from './support/world.ts';

/** The process dies (SIGKILL) while it records reads, and another takes over: each read is one leaf of the tree. */
const processes = childProcesses(new URL('../src/service.ts', import.meta.url), 'audit');
/** More than one statement takes. */
const MANY = 5_000;
const LONG = 120_000;

let world: AuditWorld;
let postgres: Line;
beforeEach(async () => {
  world = await auditWorld({ processes: 0 });
  postgres = await openLine(world.stack.databaseUrl);
});
afterEach(async () => {
  await processes.killAll();
  await postgres.close();
  await world.stop();
});

const documentId = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** Events with reads of documents that are numbered through. */
const publishReads = async (from: number, sizes: readonly number[]): Promise<number> => {
  let next = from;
  const events = sizes.map((size) =>
    readsEvent(
      Array.from({ length: size }, () => {
        next += 1;
        return { documentIds: [documentId(next)] };
      }),
    ),
  );
  await world.publish(...events);
  return next;
};

async function expectEachOnce(count: number): Promise<void> {
  await world.covered(count);
  const rows = await world.db.query<{ leaf: number; id: string }>({
    text: 'select leaf, document_ids[1] as id from entry order by leaf',
  });
  expect(rows).toEqual(Array.from({ length: count }, (_, leaf) => ({ leaf, id: documentId(leaf + 1) })));
  const checkpoint = await newestCheckpoint(world.db, ORIGIN, { published: true });
  if (checkpoint === undefined) return expect.fail('there is no checkpoint');
  const policy = { origin: ORIGIN, log: [readVerifier(world.verifierKey)], witnesses: [], quorum: 0 };
  const verified = await verifyExport(linesOf(exportEntries(world.db, { from: 0, to: count, checkpoint })), {
    policy,
  });
  expect([verified.from, verified.to, verified.checkpoint.size]).toEqual([0, count, count]);
}

async function* linesOf(parts: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const part of parts) yield* part.trimEnd().split('\n');
}

/** A transaction has added entries that nobody else sees yet. */
async function expectHalfDone(): Promise<void> {
  await vi.waitFor(async () => {
    const held = await world.db.query({
      text: `select 1 from pg_locks l join pg_class c on c.oid = l.relation
              where c.relname = 'entry' and l.mode = 'RowExclusiveLock' and l.granted`,
    });
    expect(held).toHaveLength(1);
  }, 10_000);
  expect(await world.db.query({ text: 'select 1 from entry' })).toEqual([]);
}

// The name of the statement stands in its preparation and in each of its two executions.
test.each(['before', 'after'] as const)(
  'a kill %s the second statement of a batch reaches the database',
  async (when) => {
    const reached = postgres.hold(when, 'audit_record_entries', 3);
    const count = await publishReads(0, [MANY, 3]);
    const doomed = await processes.start({
      stack: { ...world.stack, databaseUrl: postgres.url },
      env: world.env,
    });
    await reached;
    if (when === 'before') await expectHalfDone();
    await processes.kill(doomed);
    postgres.cut();
    await processes.start(world);
    await expectEachOnce(count);
  },
  LONG,
);

test(
  'many kills at any moment',
  async () => {
    let count = 0;
    for (let deaths = 0; deaths < 3; deaths += 1) {
      const child = await processes.start(world);
      const before = count;
      for (let n = 0; n < 10; n += 1) count = await publishReads(count, [1, 256, 300]);
      await vi.waitFor(
        async () => {
          const [head] = await world.db.query<{ leaves: number }>({ text: 'select leaves from entry_head' });
          expect(head?.leaves).toBeGreaterThan(before);
        },
        { timeout: 20_000, interval: 5 },
      );
      await processes.kill(child);
    }
    await processes.start(world);
    await expectEachOnce(count);
  },
  LONG,
);
