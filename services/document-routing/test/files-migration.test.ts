import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate, openDatabase } from '@lienthong/kit';
import { testDatabase } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { documentRouting } from '../src/service.ts';

const SCHEMA = 'document_routing';

test('attachments that were there keep their content, their uploaders and their documents', async () => {
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
    filter: (path) => !path.includes('0004_'),
  });
  const earlier = documentRouting.migrations
    .filter(({ name }) => name !== 'file-store')
    .map((set) => (set.name === 'document-routing' ? { ...set, folder: pathToFileURL(`${before}/`) } : set));
  await migrate(databaseUrl, SCHEMA, earlier);

  const files = Array.from({ length: 2 }, () => {
    const bytes = randomBytes(1000);
    return { bytes, sha256: createHash('sha256').update(bytes).digest(), blobId: randomUUID() };
  });
  const uploaderId = randomUUID();
  for (const { bytes, sha256, blobId } of files) {
    await db.query({ text: 'insert into attachment values ($1, $2, 1000)', values: [sha256, blobId] });
    await db.query({ text: 'insert into attachment_chunk values ($1, 0, $2)', values: [blobId, bytes] });
    await db.query({ text: 'insert into attachment_uploader values ($1, $2)', values: [sha256, uploaderId] });
  }
  await db.query({ text: 'insert into attachment_upload (blob_id) values ($1)', values: [randomUUID()] });
  await db.query({
    text: 'alter table document_attachment drop constraint document_attachment_document_id_fkey',
  });
  const carried = files[0]?.sha256;
  await db.query({
    text: 'insert into document_attachment values ($1, $2)',
    values: [carried, randomUUID()],
  });

  await migrate(databaseUrl, SCHEMA, documentRouting.migrations);
  const rows = await db.query<{ sha256: Buffer; bytes: Buffer; used: boolean; uploaded: boolean }>({
    text: `select f.sha256, c.bytes, f.unused_since is null as used,
                  exists (select from file_uploader u where u.sha256 = f.sha256 and u.agency_id = $1) as uploaded
             from file f join file_chunk c using (blob_id) where f.store = 'postgresql' and f.size_bytes = 1000`,
    values: [uploaderId],
  });
  const byDigest = new Map(rows.map(({ sha256, ...row }) => [sha256.toString('hex'), row]));
  expect(byDigest).toEqual(
    new Map(
      files.map(({ sha256, bytes }) => [
        sha256.toString('hex'),
        { bytes, used: sha256 === carried, uploaded: true },
      ]),
    ),
  );
  const [rest] = await db.query({
    text: `select (select count(*) from file_use) as uses, (select count(*) from file_orphan) as orphans`,
  });
  expect(rest).toEqual({ uses: 1, orphans: 1 });
});
