import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AgencyEstablished, EventWithdrawn, Tier } from '@lienthong/contracts/directory';
import { type Postgres, type Stack, startStack } from '@lienthong/embedded';
import { connectNats, developmentKeys } from '@lienthong/kit';
import { openTestDatabase, sharedServers } from '@lienthong/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { administrator } from '../src/administrator.ts';
import { readStandaloneSettings } from '../src/config.ts';
import { type Platform, startPlatform } from '../src/platform.ts';
import { ARCHIVING, archiveAll, makeBaseBackup, restoreTo } from './support/base-backup.ts';

/**
 * The whole platform on PostgreSQL with a base backup and an archive of its log: a drill, a restore to a moment before
 * events that were published and applied, and a lost NATS.
 */
const root = join(import.meta.dirname, '../../..');
let folder: string;
let stack: Stack;
let server: string;
let backup: string;
let platform: Platform | undefined;
let restored: Postgres;
let restorePoint: Date;

beforeAll(async () => {
  folder = mkdtempSync(join(sharedServers().dir, 'restore-'));
  // As root PostgreSQL runs as another user, who must be able to pass.
  chmodSync(folder, 0o711);
  stack = await startStack({ dataDir: join(folder, 'servers'), postgresFlags: ARCHIVING });
  server = join(folder, 'servers/postgres');
  backup = join(folder, 'base-backup');
  await start(stack.databaseUrl);
  await establish('H61');
  await makeBaseBackup(stack.databaseUrl, server, backup);
  await establish('H61.1');
  restorePoint = new Date();
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await establish('H61.2');
  await covered(stack.databaseUrl);
  await archiveAll(stack.databaseUrl, server);
}, 120_000);
afterAll(async () => {
  await stop();
  await restored?.server.stop();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(databaseUrl: string): Promise<void> {
  const settings = readStandaloneSettings({
    LIENTHONG_DATA: join(folder, 'platform'),
    LISTEN: '127.0.0.1:0',
    DATABASE_URL: databaseUrl,
    NATS_URL: stack.natsUrl,
    LOG_LEVEL: 'silent',
  });
  platform = await startPlatform(settings, { env: { AUDIT_CHECKPOINT_MS: '50' } });
}

async function stop(): Promise<void> {
  await platform?.stop();
  platform = undefined;
}

const client = () => (platform as Platform).connect(administrator);

async function establish(code: string): Promise<void> {
  await client().directory.establishAgency({
    part: { codes: [{ scheme: 'QD20', code }], name: `Ủy ban nhân dân ${code}`, tier: Tier.COMMUNE },
    legalBasis: 'QĐ 1/QĐ-UBND',
  });
}

/** Resolves when every event is applied everywhere, and signed by the audit. */
async function covered(databaseUrl: string): Promise<void> {
  await caughtUp();
  const db = openTestDatabase(databaseUrl, 'audit', 1);
  try {
    await vi.waitFor(async () => {
      const [row] = await db.query<{ covered: boolean }>({
        text: 'select coalesce(max(size), 0) = (select leaves from entry_head) as covered from checkpoint',
      });
      expect(row?.covered).toBe(true);
    }, 20_000);
  } finally {
    await db.close();
  }
}

async function caughtUp(): Promise<void> {
  await vi.waitFor(async () => {
    const { logs, consumers } = await client().operations.getStatus({});
    expect(logs.filter(({ halted }) => halted !== '')).toEqual([]);
    for (const { sequenced, published } of logs) expect(published).toBe(sequenced);
    expect(consumers.filter(({ lag, parked }) => lag > 0n || parked > 0n)).toEqual([]);
  }, 30_000);
}

/** Runs one of the operator's commands. */
async function run(command: 'drill' | 'reconcile', databaseUrl: string, ...args: string[]) {
  const data = join(folder, 'platform');
  return spawnSync(process.execPath, [join(root, `services/standalone/src/${command}/main.ts`), ...args], {
    env: {
      PATH: process.env.PATH,
      MIGRATION_DATABASE_URL: databaseUrl,
      DRILL_DATABASE_URL: databaseUrl,
      NATS_URL: stack.natsUrl,
      EVENT_MAC_KEYS: await developmentKeys(data, 'event-key'),
      AUDIT_SIGNING_KEY: join(data, 'audit-log/signing-key'),
    },
    encoding: 'utf8',
  });
}

async function agencyCodes(databaseUrl: string): Promise<string[]> {
  const db = openTestDatabase(databaseUrl, 'agency_directory', 1);
  const rows = await db.query<{ code: string }>({ text: 'select code from agency_code order by code' });
  await db.close();
  return rows.map(({ code }) => code);
}

test('a drill of the newest state finds a whole backup, and nothing to lose', async () => {
  const result = join(folder, 'restore.prom');
  const drill = await run('drill', stack.databaseUrl, '--to', result);
  expect(drill.stderr).toBe('');
  expect(drill.status).toBe(0);
  expect(drill.stdout).toMatch(/^agency_directory\.agency: 3$/m);
  expect(drill.stdout).toMatch(
    /^audit: (\d+) entries, \1 in the tree, \1 signed, \1 in the kept checkpoint$/m,
  );
  expect(drill.stdout).toContain('Nothing would be lost.');
  const text = readFileSync(result, 'utf8');
  expect(text).toMatch(/^lienthong_backup_drill_success_timestamp_seconds 1\d{9}(\.\d+)?$/m);
  expect(text).toMatch(/^lienthong_backup_drill_lost_seconds 0$/m);
});

test('a drill of an older moment says what would be lost', async () => {
  await stop();
  restored = await restoreTo(restorePoint, backup, server, join(folder, 'restored'));
  expect(await agencyCodes(restored.databaseUrl)).toEqual(['H61', 'H61.1']);
  const result = join(folder, 'older.prom');
  const drill = await run('drill', restored.databaseUrl, '--to', result);
  expect(drill.stderr).toBe('');
  expect(drill.stdout).toMatch(
    /WOULD BE LOST:\n {2}1 event of directory\n {4}they happened from \S+ to \S+\n {4}1 × lienthong\.directory\.v1\.AgencyEstablished/,
  );
  expect(drill.stdout).toMatch(/\d+ signed lea(f|ves) of the audit's log/);
  const [, seconds] = /^lienthong_backup_drill_lost_seconds (\S+)$/m.exec(readFileSync(result, 'utf8')) ?? [];
  expect(Number(seconds)).toBeGreaterThan(1);
});

test('a drill of a database without the platform fails, and leaves no result', async () => {
  const result = join(folder, 'empty.prom');
  const empty = new URL(restored.databaseUrl);
  empty.pathname = '/postgres';
  const drill = await run('drill', empty.href, '--to', result);
  expect(drill.status).toBe(1);
  expect(drill.stderr).toContain('the backup lacks the data of agency-directory');
  expect(existsSync(result)).toBe(false);
});

test('PostgreSQL older than NATS: one command withdraws what is lost, and the platform goes on', async () => {
  const plan = await run('reconcile', restored.databaseUrl);
  expect(plan.stderr).toBe('');
  expect(plan.stdout).toMatch(/^ {2}LOST: 1 event, /m);
  expect(plan.stdout).toContain('Nothing was changed.');
  expect((await run('reconcile', restored.databaseUrl)).stdout).toBe(plan.stdout);

  expect(await isReadOnly()).toBe('on');
  const done = await run('reconcile', restored.databaseUrl, '--yes');
  expect(done.stderr).toBe('');
  await expect.poll(isReadOnly).toBe('off');
  expect(done.stdout).toMatch(/Done for .*directory.*: start the services\./);
  const again = await run('reconcile', restored.databaseUrl, '--yes');
  expect(again.stdout).toContain('there is nothing to do');

  await start(restored.databaseUrl);
  // Its code is free again.
  await establish('H61.2');
  await caughtUp();
  expect(await agencyCodes(restored.databaseUrl)).toEqual(['H61', 'H61.1', 'H61.2']);
  const running = await run('reconcile', restored.databaseUrl, '--yes');
  expect(running.stderr + running.stdout).toMatch(/is running: stop all services first|nothing to do/);

  // The audit keeps what was lost, and the agencies that follow the feed learn of it.
  const audit = openTestDatabase(restored.databaseUrl, 'audit', 1);
  const [entry] = await audit.query<{ payload: Buffer }>({
    text: `select payload from entry where type = 'lienthong.directory.v1.EventWithdrawn'`,
  });
  await audit.close();
  const { withdrawal } = EventWithdrawn.decode(entry?.payload ?? Buffer.of());
  expect(AgencyEstablished.decode(withdrawal?.payload ?? Buffer.of()).agency).toBeDefined();
  const feed = openTestDatabase(restored.databaseUrl, 'feed', 1);
  const followed = await feed.query<{ type: string; seq: number }>({
    text: `select type, seq from feed_event where source = 'directory' order by seq`,
  });
  await feed.close();
  expect(followed.map(({ type }) => type.replace('lienthong.directory.v1.', ''))).toEqual([
    'AgencyEstablished',
    'AgencyEstablished',
    'EventWithdrawn',
    'AgencyEstablished',
  ]);
}, 60_000);

test('NATS empty: one command publishes the logs again, and nothing is applied twice', async () => {
  await stop();
  const before = await counts();
  const nats = await connectNats({ url: stack.natsUrl }, 'test');
  const { streams } = await jetstreamManager(nats);
  for await (const { config } of streams.list()) await streams.delete(config.name);
  const plan = await run('reconcile', restored.databaseUrl);
  expect(plan.stdout).toMatch(/^directory: the log ends at 4, the stream at 0$/m);
  expect(plan.stdout).not.toContain('LOST');
  const done = await run('reconcile', restored.databaseUrl, '--yes');
  expect(done.stderr).toBe('');
  expect((await streams.info('LT_DIRECTORY')).state).toMatchObject({
    first_seq: 1,
    last_seq: 4,
    messages: 4,
  });
  expect(await run('reconcile', restored.databaseUrl)).toMatchObject({
    stdout: expect.stringContaining('there is nothing to do'),
  });
  await nats.close();
  await start(restored.databaseUrl);
  await caughtUp();
  expect(await counts()).toEqual(before);
}, 60_000);

async function isReadOnly(): Promise<string | undefined> {
  const db = openTestDatabase(restored.databaseUrl, 'audit', 1);
  const [row] = await db.query<{ setting: string }>({
    text: `select setting from pg_settings where name = 'default_transaction_read_only'`,
  });
  await db.close();
  return row?.setting;
}

/** What consumers have recorded of the directory. */
async function counts(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [schema, table] of [
    ['audit', 'entry'],
    ['feed', 'feed_event'],
  ] as const) {
    const db = openTestDatabase(restored.databaseUrl, schema, 1);
    const [row] = await db.query<{ n: number }>({
      text: `select count(*) as n from ${table} where source = 'directory'`,
    });
    await db.close();
    found[schema] = row?.n ?? 0;
  }
  return found;
}
