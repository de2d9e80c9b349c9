import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Database, Tx } from '@lienthong/kit';
import { expect, vi } from 'vitest';
import type { Setup } from './process.ts';
import type { World } from './world.ts';

const WAIT = 40_000;

/** Processes of the service that are killed (SIGKILL). */
export function children() {
  const running = new Set<ChildProcess>();

  async function kill(child: ChildProcess): Promise<void> {
    running.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  return {
    kill,
    async start({ stack, env }: World): Promise<ChildProcess> {
      const { databaseUrl, natsUrl, natsPrefix } = stack;
      const setup: Setup = { databaseUrl, natsUrl, natsPrefix, env };
      const child = fork(new URL('./process.ts', import.meta.url), [JSON.stringify(setup)], { execArgv: [] });
      running.add(child);
      const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
      if (first !== 'ready') throw new Error(`the process ended with ${first}`);
      return child;
    },
    killAll: () => Promise.all([...running].map(kill)),
  };
}

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
