import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { isConnectionError, isRetryable } from './error-kinds.ts';
import { type Migration, type MigrationFile, readMigration } from './migration-files.ts';

/**
 * How long a migration waits for the lock of a table: calls that need the table wait behind it. Then it lets them pass
 * and tries again.
 */
export const LOCK_TIMEOUT_MS = 1_000;
const PAUSE_MS = 500;
const ATTEMPTS = 60;

/** Applies one file in a transaction of its own, and notes it. `client` has LOCK_TIMEOUT_MS as its lock_timeout. */
export async function applyMigration(client: pg.Client, schema: string, file: MigrationFile): Promise<void> {
  const migration = await readMigration(file);
  const failure = (message: string, cause: unknown) =>
    new Error(`migration ${file.name} of schema ${schema} failed: ${message}`, { cause });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await apply(client, schema, file.name, migration);
    } catch (cause) {
      if (isConnectionError(cause)) throw cause;
      await client.query('rollback');
      const { message } = cause as Error;
      if (!isLockMissing(cause)) throw failure(message, cause);
      if (attempt === ATTEMPTS)
        throw failure(`${message}: a long transaction keeps a table locked; end it and start again`, cause);
      await sleep(PAUSE_MS);
    }
  }
}

/** 55P03: lock not available in time. */
const isLockMissing = (error: unknown): boolean =>
  isRetryable(error) || (error as { code?: string }).code === '55P03';

async function apply(
  client: pg.Client,
  schema: string,
  name: string,
  { sql, declared }: Migration,
): Promise<void> {
  await client.query('begin');
  await client.query(sql);
  await client.query(
    `insert into ${client.escapeIdentifier(schema)}.migration (name, serves_from) values ($1, $2)`,
    [name, declared?.kind === 'contract' ? declared.servesFrom : null],
  );
  await client.query('commit');
}
