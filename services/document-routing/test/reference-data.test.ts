import { eventLogMigrations } from '@lienthong/eventlog';
import { fileStoreMigrations } from '@lienthong/file-store';
import { migrate, openDatabase } from '@lienthong/kit';
import { createAgencyCache, saveAgencies } from '@lienthong/reference-data';
import { agency } from '@lienthong/reference-data/testing';
import { testDatabase } from '@lienthong/testkit';
import { expect, test } from 'vitest';
import { documentRouting } from '../src/service.ts';

test('a database that had its agencies before the shared tables keeps them, and its revisions go on', async () => {
  const { databaseUrl, drop } = await testDatabase();
  const own = { name: 'document-routing', folder: new URL('../migrations/', import.meta.url) };
  await migrate(databaseUrl, 'document_routing', [eventLogMigrations, fileStoreMigrations, own]);
  const db = openDatabase({
    url: databaseUrl,
    schema: 'document_routing',
    connections: 1,
    onError: (error) => console.error(error),
  });
  try {
    const [early, late] = [agency({ code: 'H61.1', name: 'Xã A' }), agency({ code: 'H61.2', name: 'Xã B' })];
    await db.transaction(async (tx) => saveAgencies(tx, [early]));
    const cache = createAgencyCache();
    await cache.refresh(db);
    const applied = await migrate(databaseUrl, 'document_routing', documentRouting.migrations);
    expect(applied).toContain('reference-data/0001_reference_data');
    await db.transaction(async (tx) => saveAgencies(tx, [late]));
    await cache.refresh(db);
    expect([...cache.all()].map((one) => one.id)).toEqual([early.id, late.id]);
  } finally {
    await db.close();
    await drop();
  }
});
