import { ReadsRecorded } from '@lienthong/contracts/audit';
import type { RawEvent } from '@lienthong/eventlog';
import { entryOf } from '@lienthong/evidence';
import { type Database, migrate, openDatabase } from '@lienthong/kit';
import { testDatabase } from '@lienthong/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toRecord } from '../src/domain/record.ts';
import { readLeaves, readRecordHashes } from '../src/store/leaves.ts';
import { recordEntries } from '../src/store/record.ts';

const MIGRATIONS = new URL('../migrations/', import.meta.url);

let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  const { databaseUrl: url, drop } = await testDatabase();
  await migrate(url, 'audit', [{ name: 'audit', folder: MIGRATIONS }]);
  db = openDatabase({ url, schema: 'audit', connections: 1, onError: () => {} });
  close = async () => {
    await db.close();
    await drop();
  };
});
afterAll(() => close());

const anyCase = (uuid: string) => fc.constantFrom(uuid, uuid.toUpperCase());
const id = fc.uuid().chain(anyCase);
const idOrNone = fc.option(id, { nil: '' });
const text = fc.oneof(
  fc.constantFrom('', 'văn thư', 'văn thư', '\\"{,}', '🖋'),
  fc.string({ unit: 'grapheme' }).map((one) => one.replaceAll('\0', '').toWellFormed()),
);
const time = fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
const actor = fc.record({ agencyId: idOrNone, officerId: text });
const reads = fc.array(
  fc.record({
    actor,
    at: fc.option(time, { nil: undefined }),
    ownerId: idOrNone,
    denied: text,
    traceparent: text,
    documentIds: fc.array(id, { maxLength: 2 }),
    dossierCodes: fc.array(text, { maxLength: 2 }),
  }),
  { maxLength: 3 },
);
const events = fc.array(
  fc.record({
    eventId: id,
    occurredAt: time,
    actor,
    aggregateId: id,
    agencyId: idOrNone,
    documentId: idOrNone,
    text,
    reads,
  }),
  { minLength: 1, maxLength: 8 },
);

test('an entry is hashed when it is recorded as the row that is read later would be', async () => {
  let position = 0;
  await fc.assert(
    fc.asyncProperty(events, async (generated) => {
      const from =
        (await db.query<{ leaves: number }>({ text: 'select leaves from entry_head' }))[0]?.leaves ?? 0;
      const batch = generated.map(({ reads: of, text: any, ...one }): RawEvent => {
        position += 1;
        return {
          type: of.length > 0 ? 'lienthong.test.v1.ReadsRecorded' : 'lienthong.test.v1.Anything',
          bytes: ReadsRecorded.encode(ReadsRecorded.fromPartial({ reads: of })).finish(),
          envelope: {
            ...one,
            source: 'test',
            subject: '',
            position,
            version: position,
            dossierCode: any,
            traceparent: any,
          },
        };
      });
      await db.transaction((tx) => recordEntries(tx, 'test', batch));
      const rows = await readLeaves(db, from, { limit: 100, maxBytes: 1_000_000 });
      const hashes = await readRecordHashes(db, from, 100);
      expect(hashes.map(({ leaf }) => leaf)).toEqual(rows.map(({ leaf }) => leaf));
      expect(hashes.map((one) => one.record_hash.toString('hex'))).toEqual(
        rows.map((row) => entryOf(toRecord(row)).toString('hex')),
      );
    }),
    { numRuns: 60 },
  );
  expect(await db.query({ text: 'select from entry where record_hash is null limit 1' })).toEqual([]);
});
