import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entryOf } from '@lienthong/evidence';
import { migrate, openDatabase } from '@lienthong/kit';
import { testDatabase } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { toRecord } from '../src/domain/record.ts';
import { type EntryRow, findEntry } from '../src/store/find.ts';
import { readRecordHashes } from '../src/store/leaves.ts';

const MIGRATIONS = new URL('../migrations/', import.meta.url);

test('entries from before the tree become its first leaves, in the order of their recording', async () => {
  const { databaseUrl: url, drop } = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-audit-before-'));
  const db = openDatabase({ url, schema: 'audit', connections: 1, onError: () => {} });
  onTestFinished(async () => {
    await db.close();
    await drop();
    rmSync(folder, { recursive: true });
  });
  copyFileSync(new URL('0001_entry.sql', MIGRATIONS), join(folder, '0001_entry.sql'));
  await migrate(url, 'audit', [{ name: 'audit', folder: pathToFileURL(`${folder}/`) }]);
  // Ids with gaps, stored in another order than theirs.
  await db.query({
    text: `insert into entry (id, source, position, event_id, type, occurred_at, actor_officer_id, aggregate_id,
                              aggregate_version, dossier_code, traceparent, payload)
           overriding system value
           select 7 * n, 'directory', n, gen_random_uuid(), 'type', now(), 'test', gen_random_uuid(), 1, '', '', ''
             from generate_series(500, 1, -1) n`,
  });

  await migrate(url, 'audit', [{ name: 'audit', folder: MIGRATIONS }]);
  const rows = await db.query<{ leaf: number; position: number; salt: Buffer }>({
    text: 'select leaf, position, salt from entry order by leaf',
  });
  expect(rows.map(({ leaf, position }) => [leaf, position])).toEqual(
    Array.from({ length: 500 }, (_, n) => [n, n + 1]),
  );
  expect(new Set(rows.map(({ salt }) => salt.toString('hex'))).size).toBe(500);
  expect(rows.every(({ salt }) => salt.length === 32)).toBe(true);
  // Each is still the event that its leaf commits to.
  const row = (await findEntry(db, { $case: 'index', value: 7 }, undefined)) as EntryRow;
  const { payload: _, ...record } = toRecord(row);
  expect(record).toEqual({
    version: 1,
    kind: 'event',
    source: 'directory',
    position: 8,
    eventId: row.event_id,
    type: 'type',
    occurredAt: row.occurred_at.toISOString(),
    actor: { agencyId: '', officerId: 'test' },
    aggregateId: row.aggregate_id,
    aggregateVersion: 1,
    agencyId: '',
    documentId: '',
    dossierCode: '',
  });
  expect(await db.query({ text: 'select leaves from entry_head' })).toEqual([{ leaves: 500 }]);
  expect(await readRecordHashes(db, 7, 1)).toMatchObject([{ leaf: 7, record_hash: entryOf(toRecord(row)) }]);
  await expect(db.query({ text: 'delete from entry' })).rejects.toThrow('append-only');
});
