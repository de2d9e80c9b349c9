import pg from 'pg';
import type { Agency } from '../agencies.ts';
import { closedLoop } from '../load.ts';
import type { Target } from '../target.ts';
import { letter } from './documents.ts';

const CALLERS = 4;
const RECIPIENTS = 500;

/**
 * Leaves of the audit log per second, from the first call to the checkpoint that covers the last leaf, while documents go
 * to 500 recipients each and every other service applies the same events. The checkpoints in between are signed as ever.
 */
export async function auditedPerSecond(
  target: Target,
  agencies: readonly Agency[],
  seconds: number,
): Promise<number> {
  const clients = await Promise.all(agencies.slice(0, CALLERS).map(({ id }) => target.as(id)));
  const database = new pg.Client({ connectionString: target.databaseUrl });
  await database.connect();
  try {
    await covered(database);
    const before = await leaves(database);
    const start = performance.now();
    await closedLoop(CALLERS, seconds, (caller, n) => {
      const from = (n * CALLERS + caller) % (agencies.length - RECIPIENTS);
      const recipients = agencies.slice(from, from + RECIPIENTS);
      return (clients[caller] as (typeof clients)[number]).issueDocument(letter(recipients));
    });
    await target.quiet();
    await covered(database);
    const added = (await leaves(database)) - before;
    return (added / (performance.now() - start)) * 1_000;
  } finally {
    await database.end();
  }
}

async function leaves(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ leaves: string }>('select leaves from audit.entry_head');
  return Number(rows[0]?.leaves);
}

/** Waits until a published checkpoint covers every leaf. */
export async function covered(database: pg.Client): Promise<void> {
  while (true) {
    const { rows } = await database.query<{ covered: boolean }>(
      'select leaves <= (select coalesce(max(size), 0) from audit.checkpoint where published) as covered from audit.entry_head',
    );
    if (rows[0]?.covered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
