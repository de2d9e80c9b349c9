import type { Database } from '@lienthong/kit';
import type pg from 'pg';
import { expect, vi } from 'vitest';

/** Where a transaction is held: at its commit, when it has written a row like this. */
export interface Hold {
  table: 'feed_event' | 'webhook' | 'webhook_delivery' | 'webhook_attempt';
  on: 'insert' | 'update';
  /** Of `new` and `old`. */
  when: string;
}

export interface Gate {
  /** Resolves when a transaction stands there. */
  reached(): Promise<void>;
  /** Commits the held transaction although its process is gone, or undoes it; then no transaction is held. */
  open(ending: 'kept' | 'undone'): Promise<void>;
}

const KEY = 4_711;
const WAIT = { timeout: 20_000, interval: 20 };

/**
 * Holds transactions inside PostgreSQL at the very last moment before they are durable: all statements are done, COMMIT
 * is under way. The server does not notice that a process has died while it holds its transaction, so that the commit
 * may still happen, or not: exactly what a process that dies then leaves open.
 */
export async function closeGate(db: Database, hold: Hold): Promise<Gate> {
  const keeper = await db.connect();
  await keeper.query('select pg_advisory_lock($1)', [KEY]);
  await db.query({
    text: `create or replace function stand_still() returns trigger language plpgsql as
           'begin perform pg_advisory_xact_lock_shared(${KEY}); return null; end'`,
  });
  await db.query({
    text: `create constraint trigger held after ${hold.on} on ${hold.table} deferrable initially deferred
           for each row when (${hold.when}) execute function stand_still()`,
  });
  const standing = async (): Promise<number[]> => {
    const rows = await db.query<{ pid: number }>({
      text: `select l.pid from pg_locks l join pg_database d on d.oid = l.database
              where d.datname = current_database() and l.locktype = 'advisory' and l.objid = ${KEY} and not l.granted`,
    });
    return rows.map(({ pid }) => pid);
  };
  return {
    reached: () => vi.waitFor(async () => expect(await standing()).not.toEqual([]), WAIT),
    open: (ending) => letGo(db, keeper, hold.table, ending, standing),
  };
}

async function letGo(
  db: Database,
  keeper: pg.Client,
  table: string,
  ending: 'kept' | 'undone',
  standing: () => Promise<number[]>,
): Promise<void> {
  const held = await standing();
  if (ending === 'undone')
    await db.query({
      text: 'select pg_terminate_backend(pid) from unnest($1::int[]) as pid',
      values: [held],
    });
  else await keeper.query('select pg_advisory_unlock($1)', [KEY]);
  await vi.waitFor(async () => {
    const left = await db.query({
      text: 'select pid from pg_stat_activity where pid = any($1::int[])',
      values: [held],
    });
    expect(left).toEqual([]);
  }, WAIT);
  await keeper.end();
  await db.query({ text: `drop trigger held on ${table}` });
}
