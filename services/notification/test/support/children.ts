import type { Database, Tx } from '@lienthong/kit';
import { childProcesses } from '@lienthong/testkit';
import { expect, vi } from 'vitest';

const WAIT = 40_000;

/** Processes of the service that are killed (SIGKILL). */
export const processes = childProcesses(new URL('../../src/service.ts', import.meta.url), 'notification');

/**
 * Lets the leases of a dead process end now. A transaction that was under way may still commit one afterwards: the tests
 * that kill processes give leases an end that they can wait for.
 */
export const endLeases = (db: Database) =>
  db.query({ text: 'update notification set leased_until = now() where leased_until is not null' });

/** Holds a table against others from now until `run` has ended. */
export const holding = (db: Database, table: string, mode: string, run: (tx: Tx) => Promise<void>) =>
  db.transaction(async (tx) => {
    await tx.query({ text: `lock table ${table} in ${mode} mode` });
    await run(tx);
  });

/** Resolves when a statement waits for a table. */
export const waitedFor = (db: Database, table: string) =>
  vi.waitFor(
    async () => {
      const rows = await db.query({
        text: `select 1 from pg_locks l join pg_class c on c.oid = l.relation
                where not l.granted and c.relname = $1`,
        values: [table],
      });
      expect(rows.length).toBeGreaterThan(0);
    },
    { timeout: WAIT, interval: 20 },
  );
