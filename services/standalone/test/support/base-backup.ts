import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Postgres, startPostgres } from '@lienthong/embedded';
import pg from 'pg';
import { expect, vi } from 'vitest';

/** Settings by which a server archives its write-ahead log, into the folder beside its data. */
export const ARCHIVING = {
  archive_mode: 'on',
  archive_command: 'mkdir -p ../archive && cp %p ../archive/%f',
};

/** The folder of a copy, as a tool for backups makes it, by PostgreSQL's own functions. */
export async function makeBaseBackup(databaseUrl: string, server: string, copy: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`select pg_backup_start('test', fast => true)`);
    mkdirSync(copy, { mode: 0o711 });
    run('cp', '-a', join(server, 'data'), join(server, 'password'), copy);
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop()');
    for (const name of ['postmaster.pid', 'postmaster.opts'])
      rmSync(join(copy, 'data', name), { force: true });
    place(join(copy, 'data', 'backup_label'), rows[0]?.labelfile ?? '');
  } finally {
    await client.end();
  }
}

/** Resolves when everything written so far is in the archive. */
export async function archiveAll(databaseUrl: string, server: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ file: string }>('select pg_walfile_name(pg_switch_wal()) as file');
    const file = join(server, 'archive', rows[0]?.file ?? '');
    await vi.waitFor(() => expect(existsSync(file)).toBe(true), 20_000);
  } finally {
    await client.end();
  }
}

/** Starts a server from a copy of the base backup, as it was at the time, and read-only as deploy/backup leaves it. */
export async function restoreTo(time: Date, backup: string, server: string, dir: string): Promise<Postgres> {
  mkdirSync(dir, { mode: 0o711 });
  run('cp', '-a', join(backup, 'data'), join(backup, 'password'), dir);
  place(join(dir, 'data', 'recovery.signal'), '');
  appendFileSync(join(dir, 'data', 'postgresql.auto.conf'), 'default_transaction_read_only = on\n');
  return startPostgres({
    dir,
    flags: {
      restore_command: `cp ${join(server, 'archive')}/%f %p`,
      recovery_target_time: time.toISOString().replace('Z', '+00'),
      recovery_target_action: 'promote',
    },
  });
}

/** PostgreSQL may run as another user. */
function place(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o666);
}

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
}
