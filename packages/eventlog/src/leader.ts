import { type Database, type Logger, pause, type Worker } from '@lienthong/kit';
import type pg from 'pg';

export interface LeaderOptions {
  db: Database;
  /** Names the work; one leader per name and schema. */
  name: string;
  log: Logger;
  /**
   * Does the work until the signal aborts. The connection holds the leadership: a statement that succeeds on it
   * was made by the leader. Returning or throwing gives the leadership up for a moment.
   */
  lead(connection: pg.Client, signal: AbortSignal): Promise<void>;
}

/** PostgreSQL ends a leader's session that is idle for so long (a paused process), and a standby takes over. */
const SILENCE_MS = 15_000;
const HEARTBEAT_MS = 3_000;
const STANDBY_POLL_MS = 1_000;

/** A worker that runs in one process at a time, by a session advisory lock; the others stand by. */
export function leaderWorker(options: LeaderOptions): Worker & { leading(): boolean } {
  const { log, name } = options;
  const stopping = new AbortController();
  let leading = false;
  let finished: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await campaign();
        failures = 0;
      } catch (err) {
        if (stopping.signal.aborted) return;
        failures += 1;
        log.warn({ err, worker: name, failures }, 'worker interrupted; retrying');
      }
      await pause(Math.min(100 * 2 ** failures, 2_000), stopping.signal);
    }
  }

  async function campaign(): Promise<void> {
    const connection = await options.db.connect();
    const lost = new AbortController();
    connection.once('error', () => lost.abort());
    connection.once('end', () => lost.abort());
    const signal = AbortSignal.any([stopping.signal, lost.signal]);
    let heartbeat: NodeJS.Timeout | undefined;
    try {
      await connection.query(`set idle_session_timeout = ${SILENCE_MS}`);
      if (!(await acquire(connection, signal))) return;
      leading = true;
      heartbeat = setInterval(
        () => void connection.query('select 1').catch(() => lost.abort()),
        HEARTBEAT_MS,
      );
      await options.lead(connection, signal);
    } finally {
      leading = false;
      clearInterval(heartbeat);
      await connection.end().catch((err) => log.debug({ err, worker: name }, 'closing a lost connection'));
    }
  }

  async function acquire(connection: pg.Client, signal: AbortSignal): Promise<boolean> {
    for (let wait = 20; !signal.aborted; wait = Math.min(wait * 2, STANDBY_POLL_MS)) {
      if (await takeLead(connection, options.db.schema, name)) return true;
      await pause(wait, signal);
    }
    return false;
  }

  return {
    name,
    leading: () => leading,
    async start() {
      finished = run();
    },
    async stop() {
      stopping.abort();
      await finished;
    },
  };
}

/** Whether the connection leads the work of this name and schema from now on, until it ends. False: another one does. */
export async function takeLead(connection: pg.Client, schema: string, name: string): Promise<boolean> {
  const { rows } = await connection.query<{ got: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as got',
    [`${schema}:${name}`],
  );
  return rows[0]?.got === true;
}
