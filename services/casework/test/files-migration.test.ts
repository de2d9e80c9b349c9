import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate, openDatabase } from '@lienthong/kit';
import { testDatabase } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { casework } from '../src/service.ts';

const SCHEMA = 'casework';

test('dossiers that were there carry the digests that they name', async () => {
  const { databaseUrl, drop } = await testDatabase();
  const db = openDatabase({ url: databaseUrl, schema: SCHEMA, connections: 2, onError: () => {} });
  const before = mkdtempSync(join(tmpdir(), 'migrations-'));
  onTestFinished(async () => {
    rmSync(before, { recursive: true });
    await db.close();
    await drop();
  });
  cpSync(new URL('../migrations/', import.meta.url), before, {
    recursive: true,
    filter: (path) => !path.includes('0006_files'),
  });
  const earlier = casework.migrations
    .filter(({ name }) => name !== 'file-store')
    .map((set) => (set.name === SCHEMA ? { ...set, folder: pathToFileURL(`${before}/`) } : set));
  await migrate(databaseUrl, SCHEMA, earlier);

  const [paper, permit] = ['a'.repeat(64), 'b'.repeat(64)];
  const records = [
    { papers: [{ sha256: paper }, { sha256: '' }, { sha256: paper }], results: [{ sha256: permit }] },
    { results: [{ sha256: permit }] },
    {},
  ];
  const ids = records.map(() => randomUUID());
  for (const [i, record] of records.entries())
    await db.query({
      text: `insert into dossier (id, code, version, status, live, procedure_id, procedure_code, intake_id, holder_id,
                                  lodged_at, urgency, record)
             values ($1, $2, 1, 4, true, $1, '1.000001', $1, $1, now(), 1, $3)`,
      values: [ids[i], `H61-${i}`, JSON.stringify(record)],
    });

  await migrate(databaseUrl, SCHEMA, casework.migrations);
  const uses = await db.query<{ use: string }>({
    text: `select encode(sha256, 'hex') || ' ' || owner_id as use from file_use`,
  });
  expect(new Set(uses.map(({ use }) => use))).toEqual(
    new Set([`${paper} ${ids[0]}`, `${permit} ${ids[0]}`, `${permit} ${ids[1]}`]),
  );
});
