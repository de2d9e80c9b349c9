import pg from 'pg';
import { arrayLiteral } from './array-literal.ts';
import { isConnectionError } from './error-kinds.ts';
import { type Leg, sendFlight } from './flight.ts';
import { observePool } from './pool-metrics.ts';
import { serverOfMany } from './server-of.ts';
import { sessionOptions } from './session-options.ts';

/** One statement. With a name it is prepared once per connection. */
export interface Sql {
  name?: string;
  text: string;
  values?: readonly unknown[];
}

/** What reads: the database or a transaction. */
export interface Reader {
  query<R>(sql: Sql): Promise<R[]>;
}

/**
 * A transaction. Statements are pipelined: those sent without awaiting in between travel together,
 * and PostgreSQL runs them in the order of the calls.
 */
export interface Tx extends Reader {
  /** A write whose rows nobody needs; its error, if any, surfaces when the transaction commits. */
  send(sql: Sql): void;
  /** Called once the transaction has committed; never when it was undone, or when its outcome is not known. */
  onCommit(call: () => void): void;
}

export interface TransactionOptions {
  /**
   * The commit does not wait for the disk: a crash of PostgreSQL within the next moment undoes it, as a whole. For work
   * that is repeated when it is lost, and that no reply acknowledges; a later durable commit keeps it too.
   */
  lazy?: boolean;
}

export interface Database extends Reader {
  /**
   * Commits when `run` resolves and every statement succeeded; rolls back otherwise and rejects with the first error.
   * A rejection with a lost connection leaves open whether the commit happened.
   */
  transaction<T>(run: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** A connection of its own, for session locks; the caller ends it. */
  connect(): Promise<pg.Client>;
  readonly schema: string;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** The schema of one service; `public` (extensions) comes after it on the search path. */
  schema: string;
  connections: number;
  onError: (error: Error) => void;
}

const { builtins } = pg.types;
const types = new pg.TypeOverrides();
// A calendar date has no time zone; a Date would give it one.
types.setTypeParser(builtins.DATE, (text: string) => text);
types.setTypeParser(builtins.INT8, (text: string) => {
  const n = Number(text);
  if (!Number.isSafeInteger(n)) throw new RangeError(`int8 ${text} does not fit a JavaScript number`);
  return n;
});

export function openDatabase(options: DatabaseOptions): Database {
  const config: pg.ClientConfig = {
    ...serverOfMany(options.url, options.onError),
    options: sessionOptions(options.schema),
    application_name: `lienthong ${options.schema}`,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    types,
  };
  const pool = new pg.Pool({ ...config, pipeline: true, max: options.connections });
  let closing = false;
  // While closing, a server that goes away too does not matter.
  const onLost = (error: Error) => {
    if (!closing) options.onError(error);
  };
  pool.on('error', onLost);
  const broken = new WeakMap<pg.ClientBase, Error>();
  // For the whole life of a connection: the server can end a session in the bytes that open it, and an 'error' without
  // a listener ends the process. The pool listens only while a connection is idle.
  pool.on('connect', (client) => client.on('error', (error) => broken.set(client, error)));
  const stopObserving = observePool(options.schema, pool);

  return {
    schema: options.schema,
    async query<R>(sql: Sql): Promise<R[]> {
      return (await pool.query(asConfig(sql))).rows as R[];
    },
    async transaction(run, { lazy = false } = {}) {
      const committed: (() => void)[] = [];
      const client = await pool.connect();
      try {
        const value = await runTransaction(client, run, lazy, committed);
        for (const call of committed) call();
        return value;
      } catch (error) {
        if (isConnectionError(error)) broken.set(client, error as Error);
        throw error;
      } finally {
        client.release(broken.get(client));
      }
    },
    async connect() {
      const client = new pg.Client({ ...config, pipeline: true });
      client.on('error', onLost);
      await client.connect();
      return client;
    },
    async close() {
      closing = true;
      stopObserving();
      await pool.end();
    },
  };
}

async function runTransaction<T>(
  client: pg.PoolClient,
  run: (tx: Tx) => Promise<T>,
  lazy: boolean,
  committed: (() => void)[],
): Promise<T> {
  const issue = flights(client);
  const sent: Promise<unknown>[] = [];
  let over = false;
  const within = (sql: Sql, rows: boolean) => {
    // A straggler must not reach the connection's next user.
    if (over) throw new Error('the transaction is over');
    const result = issue(sql, rows);
    sent.push(result);
    // Every result is awaited below; until then a failure must not count as unhandled.
    result.catch(() => {});
    return result;
  };
  within(BEGIN, false);
  if (lazy) within(LAZY, false);
  try {
    const value = await run({
      query: async <R>(sql: Sql) => (await within(sql, true)).rows as R[],
      send: (sql) => void within(sql, false),
      onCommit: (call) => void committed.push(call),
    });
    // It travels with the last writes: after a failed one it is passed over, or rolls back.
    within(COMMIT, false);
    over = true;
    await firstError(sent);
    return value;
  } catch (error) {
    over = true;
    const first = await firstError([...sent, issue(ROLLBACK, false)]).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    // The statements after a failed one say only "transaction is aborted" (25P02).
    throw (error as { code?: string } | undefined)?.code === '25P02' ? (first ?? error) : error;
  }
}

const BEGIN: Sql = { name: 'begin', text: 'begin' };
const LAZY: Sql = { name: 'lazy', text: 'set local synchronous_commit = off' };
const COMMIT: Sql = { name: 'commit', text: 'commit' };
const ROLLBACK: Sql = { name: 'rollback', text: 'rollback' };

/** Keeps statements until the code at work has paused: those issued without awaiting in between leave together. */
function flights(client: pg.PoolClient): (sql: Sql, rows: boolean) => Promise<pg.QueryResult> {
  let legs: Leg[] = [];
  const leave = () => {
    const sent = legs;
    legs = [];
    sendFlight(client, sent, types);
  };
  return (sql, rows) =>
    new Promise((resolve, reject) => {
      if (legs.length === 0) process.nextTick(leave);
      const settle: Leg['settle'] = (error, result) =>
        error ? reject(error) : resolve(result as pg.QueryResult);
      legs.push({ config: asConfig(sql), rows, settle });
    });
}

async function firstError(results: Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(results))
    if (result.status === 'rejected') throw result.reason;
}

function asConfig(sql: Sql): pg.QueryConfig {
  const config: pg.QueryConfig = { text: sql.text };
  if (sql.name !== undefined) config.name = sql.name;
  if (sql.values !== undefined)
    config.values = sql.values.map((value) =>
      Array.isArray(value) ? (arrayLiteral(value) ?? value) : value,
    );
  return config;
}
