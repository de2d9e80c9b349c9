import { EntryKind, ReadsRecorded } from '@lienthong/contracts/audit';
import { type AuditRecord, commit, entryOf, verifyEvidence } from '@lienthong/evidence';
import type { Caller } from '@lienthong/kit';
import { parseProof, readVerifier, verifyProof } from '@lienthong/transparency-log';
import { Status } from 'nice-grpc';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  type AuditWorld,
  auditor,
  auditWorld,
  client,
  ended,
  ORIGIN,
  agencyId as owner,
  READS,
  readsEvent,
} from './support/world.ts';

const reader = '018f0000-0000-7000-8000-0000000000b2';
const stranger = '018f0000-0000-7000-8000-0000000000c3';
const documents = [0, 1, 2].map((n) => `018f0000-0000-7000-8000-00000000d0c${n}`);
const [first = '', second = '', third = ''] = documents;
/** What a caller may have sent for a code. */
const odd = 'H61-"},{\\';
const at = new Date('2026-01-15T02:03:04.005Z');
const common = {
  actor: { agencyId: reader, officerId: 'văn thư' },
  method: 'lienthong.routing.v1.DocumentRoutingService/GetDocument',
  at,
  ownerId: owner,
};
const READ = [
  { ...common, documentIds: [first], traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  { ...common, documentIds: [second, third], dossierCodes: ['H61-1', odd] },
  { ...common, documentIds: [third], denied: 'DOCUMENT_UNKNOWN' },
  { ...common, actor: undefined, documentIds: ['x'], dossierCodes: [odd], ownerId: 'H61' },
];
let world: AuditWorld;

beforeAll(async () => {
  world = await auditWorld();
  await world.publish(ended(owner, 1, { documentId: first }), readsEvent(READ));
  await world.covered(1 + READ.length);
});
afterAll(() => world.stop());

const officer = (agencyId: string): Caller => ({ agencyId, officerId: 'lãnh đạo', roles: ['leader'] });
const types = [READS];

/** The parts of the event's reads that a filter finds, oldest first. */
async function partsOf(caller: Caller, filter: object): Promise<number[]> {
  const rpc = await client(world, caller);
  const { entries } = await rpc.listEntries({ filter: { types, ...filter } });
  expect((await rpc.countEntries({ filter: { types, ...filter } })).count).toBe(BigInt(entries.length));
  return entries.map(({ part }) => part).reverse();
}

test('each read is an entry, and together they are the event', async () => {
  const rpc = await client(world, auditor);
  const { entries } = await rpc.listEntries({ filter: { types, to: new Date(at.getTime() + 1), from: at } });
  entries.reverse();
  expect(entries).toMatchObject([
    { part: 0, documentId: first, agencyId: owner, traceId: '0af7651916cd43dd8448eb211c80319c' },
    { part: 1, documentId: '', dossierCode: '', actor: { agencyId: reader, officerId: 'văn thư' } },
    { part: 2, documentId: third, agencyId: owner },
    { part: 3, documentId: '', dossierCode: odd, agencyId: '', actor: { agencyId: '', officerId: '' } },
  ]);
  for (const one of entries) expect(one).toMatchObject({ kind: EntryKind.READ, type: READS, occurredAt: at });
  expect(entries.map(({ payload }) => ReadsRecorded.decode(payload).reads)).toEqual(
    READ.map((read) => ReadsRecorded.fromPartial({ reads: [read] }).reads),
  );
  expect(ReadsRecorded.decode(Buffer.concat(entries.map(({ payload }) => payload)))).toEqual(
    ReadsRecorded.fromPartial({ reads: READ }),
  );
});

test('each read is proved by itself, by its event or its position with its part', async () => {
  const rpc = await client(world, auditor);
  const policy = { origin: ORIGIN, log: [readVerifier(world.verifierKey)], witnesses: [], quorum: 0 };
  const { entries } = await rpc.listEntries({ filter: { types, documentId: third } });
  expect(entries).toHaveLength(2);
  for (const { eventId, position, part, index } of entries)
    for (const entry of [
      { $case: 'eventId', value: eventId },
      { $case: 'position', value: { source: 'routing', position } },
    ] as const) {
      const proved = await rpc.getProof({ entry, part });
      expect(proved.index).toBe(index);
      const record: AuditRecord = JSON.parse(Buffer.from(proved.record).toString());
      expect(record).toMatchObject({ kind: 'read', index: part, eventId, occurredAt: at.toISOString() });
      expect(record.payload).toBe(commit(proved.payload, proved.salt));
      verifyProof(parseProof(proved.proof), entryOf(record), policy);
    }
  const value = entries[0]?.eventId ?? '';
  await expect(rpc.getProof({ entry: { $case: 'eventId', value }, part: 4 })).rejects.toMatchObject({
    code: Status.NOT_FOUND,
  });
  await expect(rpc.getProof({ entry: { $case: 'eventId', value }, part: -1 })).rejects.toMatchObject({
    code: Status.INVALID_ARGUMENT,
    details: expect.stringContaining('part: must not be negative'),
  });
});

test('reads are found by each document and dossier that they are about', async () => {
  expect(await partsOf(auditor, { documentId: first })).toEqual([0]);
  expect(await partsOf(auditor, { documentId: second })).toEqual([1]);
  expect(await partsOf(auditor, { documentId: third })).toEqual([1, 2]);
  expect(await partsOf(auditor, { documentId: third, dossierCode: odd })).toEqual([1]);
  expect(await partsOf(auditor, { dossierCode: odd })).toEqual([1, 3]);
  expect(await partsOf(auditor, { officerId: 'văn thư' })).toEqual([0, 1, 2]);
});

test('a filter tells reads from events', async () => {
  const rpc = await client(world, auditor);
  const kindsOf = async (kind: EntryKind) => {
    const { entries } = await rpc.listEntries({ filter: { documentId: first, kind } });
    return [...new Set(entries.map((one) => one.kind))].sort();
  };
  expect(await kindsOf(EntryKind.EVENT)).toEqual([EntryKind.EVENT]);
  expect(await kindsOf(EntryKind.READ)).toEqual([EntryKind.READ]);
  expect(await kindsOf(EntryKind.UNSPECIFIED)).toEqual([EntryKind.EVENT, EntryKind.READ]);
  await expect(rpc.countEntries({ filter: { kind: EntryKind.READ } })).rejects.toMatchObject({
    details: expect.stringContaining('name a document_id'),
  });
});

test('the owner sees all reads, the reader those that were allowed, another agency none', async () => {
  expect(await partsOf(officer(owner), {})).toEqual([0, 1, 2]);
  expect(await partsOf(officer(reader), {})).toEqual([0, 1]);
  expect(await partsOf(officer(reader), { agencyId: reader })).toEqual([0, 1]);
  expect(await partsOf(officer(reader), { agencyId: owner, documentId: third })).toEqual([1]);
  expect(await partsOf(officer(stranger), {})).toEqual([]);

  const rpc = await client(world, auditor);
  const { entries } = await rpc.listEntries({ filter: { types, documentId: third } });
  const denied = { entry: { $case: 'index', value: entries[0]?.index ?? -1n } } as const;
  expect((await (await client(world, officer(owner))).getProof(denied)).index).toBe(denied.entry.value);
  for (const agency of [reader, stranger])
    await expect((await client(world, officer(agency))).getProof(denied)).rejects.toMatchObject({
      code: Status.NOT_FOUND,
    });
});

test('evidence has events alone, and does not wait for reads to be covered', async () => {
  await world.restart({ AUDIT_CHECKPOINT_MS: '60000' });
  await world.publishAndWait(readsEvent([{ ...common, documentIds: [first] }]));
  const parts: Uint8Array[] = [];
  const subject = { $case: 'documentId', value: first } as const;
  for await (const { content } of (await client(world, auditor)).exportEvidence({ subject }))
    parts.push(content);
  const policy = { origin: ORIGIN, log: [readVerifier(world.verifierKey)], witnesses: [], quorum: 0 };
  const { entries, checkpoint } = verifyEvidence(Buffer.concat(parts).toString(), policy);
  expect(entries.map(({ record }) => record.kind)).toEqual(['event']);
  await vi.waitFor(async () => {
    const [head] = await world.db.query<{ leaves: number }>({ text: 'select leaves from entry_head' });
    expect(head?.leaves).toBeGreaterThan(checkpoint.size);
  });
});
